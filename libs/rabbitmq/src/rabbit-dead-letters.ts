import {
  BrokerUnavailable,
  queuesOfSelection,
  summaryOf,
  WantedLetters,
  type DeadLetter,
  type DeadLetterPage,
  type DeadLetters,
  type DeadLetterSelection,
  type DeadLettersMoved,
  type DeadLetterSummary,
  type Logger,
} from '@clew/broker';
import { describeFailure, placeOf } from './connection-failure.js';
import { DeadLetterVisit, type HeldLetter } from './dead-letter-visit.js';
import { checkSubscriptions, type Topology } from './topology.js';

const defaultPatienceMs = 20_000;
/** A broker that is that far behind is given up, in milliseconds. */
const graceMs = 10_000;
const mostInBatch = 50;
const batchBytes = 4 * 1024 * 1024;
const mostOnPage = 200;
const pageBytes = 16 * 1024 * 1024;

export interface RabbitDeadLettersOptions {
  /** `amqp://user:password@host:5672/vhost`, or `amqps:`. */
  readonly url: string;
  readonly topology: Topology;
  readonly logger: Logger;
  /** After that long a call looks at no further letter, in milliseconds. Default 20,000. */
  readonly patienceMs?: number;
}

/** Lists, redrives and discards what is in the dead-letter queues. Each call connects anew. */
export class RabbitDeadLetters implements DeadLetters {
  readonly queues: readonly string[];
  readonly #options: RabbitDeadLettersOptions;
  readonly #patienceMs: number;
  readonly #closing = new AbortController();
  #last: Promise<unknown> = Promise.resolve();

  /** @throws RangeError if a queue subscribes to topics that is not among the queues */
  constructor(options: RabbitDeadLettersOptions) {
    checkSubscriptions(options.topology);
    this.#options = options;
    this.#patienceMs = options.patienceMs ?? defaultPatienceMs;
    this.queues = options.topology.queues;
  }

  counts(): Promise<Record<string, number>> {
    return this.#visit(async (visit) => {
      const counts: Record<string, number> = {};
      for (const queue of this.queues) counts[queue] = await visit.count(queue);
      return counts;
    });
  }

  async list(selection: DeadLetterSelection, limit: number): Promise<DeadLetterPage> {
    const queues = queuesOfSelection(selection, this.queues);
    return this.#visit(async (visit) => {
      const wanted = new WantedLetters(selection);
      const letters: DeadLetter[] = [];
      let waiting = 0;
      const endAt = performance.now() + this.#patienceMs;
      for (const queue of queues) {
        const count = await visit.count(queue);
        waiting += count;
        if (letters.length < limit) letters.push(...(await oldestOf(visit, queue, count, wanted, endAt)));
      }
      letters.splice(limit);
      return { letters, matched: wanted.areAll ? waiting : letters.length };
    });
  }

  redrive(selection: DeadLetterSelection): Promise<DeadLettersMoved> {
    return this.#move(selection, (visit, queue, letters) => visit.sendBack(queue, letters));
  }

  discard(selection: DeadLetterSelection): Promise<DeadLettersMoved> {
    return this.#move(selection, async (visit, _, letters) => {
      visit.drop(letters);
      return letters;
    });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#last;
  }

  async #move(
    selection: DeadLetterSelection,
    settle: (visit: DeadLetterVisit, queue: string, letters: HeldLetter[]) => Promise<HeldLetter[]>,
  ): Promise<DeadLettersMoved> {
    const queues = queuesOfSelection(selection, this.queues);
    const wanted = new WantedLetters(selection);
    const done: DeadLetterSummary[] = [];
    let waiting = 0;
    let found = 0;
    try {
      await this.#visit(async (visit) => {
        const endAt = performance.now() + this.#patienceMs;
        const counts = new Map<string, number>();
        for (const queue of queues) counts.set(queue, await visit.count(queue));
        waiting = [...counts.values()].reduce((sum, count) => sum + count, 0);
        for (const [queue, count] of counts)
          for await (const batch of batchesOf(wantedOf(visit, queue, count, wanted, endAt))) {
            found += batch.length;
            for (const { letter } of await settle(visit, queue, batch)) done.push(summaryOf(letter));
          }
      });
    } catch (error) {
      // What is done is done, and has to be told.
      if (!(error instanceof BrokerUnavailable) || done.length === 0) throw error;
      this.#options.logger.warn(`Only ${done.length} dead letters were seen to. ${error.message}`);
    }
    return { matched: wanted.areAll ? waiting : found, done };
  }

  /** One after another: what one has in hand another wouldn't find. */
  #visit<T>(use: (visit: DeadLetterVisit) => Promise<T>): Promise<T> {
    const visited = this.#last.then(() => this.#visitNow(use));
    this.#last = visited.catch(() => {});
    return visited;
  }

  async #visitNow<T>(use: (visit: DeadLetterVisit) => Promise<T>): Promise<T> {
    const { url, topology } = this.#options;
    const unavailable = (cause: unknown) =>
      new BrokerUnavailable(describeFailure(cause, placeOf(url)), { cause });
    const cut = new AbortController();
    const giveUp = () => cut.abort(new Error('Closed.'));
    if (this.#closing.signal.aborted) throw unavailable(new Error('Closed.'));
    this.#closing.signal.addEventListener('abort', giveUp, { once: true });
    const overdue = setTimeout(() => cut.abort(new Error('It took too long.')), this.#patienceMs + graceMs);
    try {
      const visit = await DeadLetterVisit.begin(url, topology, cut).catch((error: unknown) => {
        throw unavailable(error);
      });
      try {
        return await use(visit);
      } catch (error) {
        throw visit.failure === undefined ? error : unavailable(visit.failure);
      } finally {
        await visit.end();
      }
    } finally {
      clearTimeout(overdue);
      this.#closing.signal.removeEventListener('abort', giveUp);
    }
  }
}

/** Not more of a queue than there were at first: what is redriven may be parked again before long. */
async function* wantedOf(
  visit: DeadLetterVisit,
  queue: string,
  count: number,
  wanted: WantedLetters,
  endAt: number,
): AsyncGenerator<HeldLetter> {
  for (let seen = 0; seen < count && !wanted.areFound && performance.now() < endAt; seen += 1) {
    const held = await visit.take(queue);
    if (!held) return;
    if (wanted.takes(held.letter)) yield held;
  }
}

/** Looks at more than are shown: what was looked at comes first the next time, but mixed up. */
async function oldestOf(...from: Parameters<typeof wantedOf>): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = [];
  let bytes = 0;
  for await (const { letter } of wantedOf(...from)) {
    letters.push(letter);
    bytes += letter.bytes;
    if (letters.length >= mostOnPage || bytes > pageBytes) break;
  }
  const age = ({ parkedAt }: DeadLetter) => parkedAt?.getTime() ?? 0;
  // Those of the same millisecond stay in one order, too, from one listing to the next.
  return letters.sort((one, other) => age(one) - age(other) || (one.id < other.id ? -1 : 1));
}

async function* batchesOf(letters: AsyncIterable<HeldLetter>): AsyncGenerator<HeldLetter[]> {
  let batch: HeldLetter[] = [];
  let bytes = 0;
  for await (const held of letters) {
    batch.push(held);
    bytes += held.letter.bytes;
    if (batch.length < mostInBatch && bytes < batchBytes) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}
