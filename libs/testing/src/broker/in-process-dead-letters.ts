import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  BrokerUnavailable,
  deadLetterId,
  queuesOfSelection,
  shownPayload,
  summaryOf,
  WantedLetters,
  type DeadLetter,
  type DeadLetterPage,
  type DeadLetters,
  type DeadLetterSelection,
  type DeadLettersMoved,
  type DeadLettersOptions,
} from '@clew/broker';
import type { BrokerMemory } from './broker-memory.js';
import { checkSubscriptions } from './check-subscriptions.js';
import type { MemoryQueue, StoredLetter } from './memory-queue.js';

interface FoundLetter {
  readonly letter: DeadLetter;
  readonly stored: StoredLetter;
  readonly queue: MemoryQueue;
}

/** Lists, redrives and discards dead letters of the memory. Confirms come a turn later, as with publishing. */
export class InProcessDeadLetters implements DeadLetters {
  readonly queues: readonly string[];
  #isClosed = false;

  constructor(
    private readonly memory: BrokerMemory,
    private readonly options: DeadLettersOptions,
  ) {
    checkSubscriptions(options.routes);
    this.queues = options.routes.queues;
  }

  async counts(): Promise<Record<string, number>> {
    await this.#connected();
    return Object.fromEntries(
      this.queues.map((queue) => [queue, this.#find({ queue }).length] as [string, number]),
    );
  }

  async list(selection: DeadLetterSelection, limit: number): Promise<DeadLetterPage> {
    await this.#connected();
    const found = this.#find(selection);
    const letters = found.slice(0, limit).map(({ letter }) => letter);
    return { letters, matched: 'ids' in selection ? letters.length : found.length };
  }

  redrive(selection: DeadLetterSelection): Promise<DeadLettersMoved> {
    return this.#move(selection, ({ queue, stored }) => queue.push(stored.message));
  }

  discard(selection: DeadLetterSelection): Promise<DeadLettersMoved> {
    return this.#move(selection, () => {});
  }

  async close(): Promise<void> {
    this.#isClosed = true;
  }

  async #move(
    selection: DeadLetterSelection,
    settle: (found: FoundLetter) => void,
  ): Promise<DeadLettersMoved> {
    await this.#connected();
    const { outages } = this.memory;
    const found = this.#find(selection);
    for (const { queue, stored } of found) queue.lettersInHand.add(stored);
    for (const each of found) settle(each);
    await nextTurn();
    for (const { queue, stored } of found) queue.lettersInHand.delete(stored);
    if (this.memory.outages > outages) throw new BrokerUnavailable('The broker went away.');
    for (const { queue, stored } of found) queue.deadLetters.delete(stored);
    return { matched: found.length, done: found.map(({ letter }) => summaryOf(letter)) };
  }

  async #connected(): Promise<void> {
    await nextTurn();
    if (!this.memory.isThere || this.#isClosed) throw new BrokerUnavailable('The broker is away.');
    this.memory.declare(this.options.routes);
  }

  #find(selection: DeadLetterSelection): FoundLetter[] {
    const wanted = new WantedLetters(selection);
    return queuesOfSelection(selection, this.queues).flatMap((name) => {
      const queue = this.memory.queue(name)!;
      return [...queue.deadLetters]
        .filter((stored) => !queue.lettersInHand.has(stored))
        .map((stored) => ({ letter: letterOf(name, stored), stored, queue }))
        .filter(({ letter }) => wanted.takes(letter));
    });
  }
}

function letterOf(queue: string, { message, reason, parkedAt, returns }: StoredLetter): DeadLetter {
  const { content, messageId, correlationId, type, headers } = message;
  return {
    id: deadLetterId(queue, { ...message, content: null, reason, parkedAt, returns }, content),
    queue,
    reason,
    parkedAt,
    messageId,
    correlationId,
    type,
    returns,
    headers: { ...headers },
    ...shownPayload(content),
  };
}
