import type { Answer } from '@clew/envelope';
import { failpoint } from '@clew/failpoint';
import {
  DatabaseFault,
  isTransient,
  outboxMessage,
  transact,
  type OutboxMessage,
  type Relay,
  type SqlDatabase,
  type SqlExecutor,
} from '@clew/outbox';
import { CommandRejected } from './command-rejected.js';
import { describeFault } from './describe-fault.js';
import {
  fenceKeyText,
  insertFence,
  readFence,
  recordResults,
  type FenceResult,
  type FenceRow,
} from './fence-rows.js';
import { judgeAction, judgeCompensation, type Verdict } from './fence-verdict.js';
import { actionKey, ownKey, type ReceivedCommand } from './received-command.js';

/** Runs a command's handler. Resolves with the reply, and rejects with whatever the handler threw. */
export type InvokeHandler = (command: ReceivedCommand, transaction: SqlExecutor) => Promise<unknown>;

export interface CommandTransactionOptions {
  readonly database: SqlDatabase;
  readonly relay: Pick<Relay, 'leaseMs' | 'publish' | 'takeConfirmed' | 'giveBack'>;
  readonly invoke: InvokeHandler;
  /** Whether what a handler threw is passing trouble; what the database reports as such always is. Default: never. */
  readonly isPassing?: (command: ReceivedCommand, error: unknown) => boolean;
  /** Longest duration in milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
  /** Longest wait for a connection in milliseconds. Default 10,000. */
  readonly maxWaitMs?: number;
}

/** Commands that can't be handled, as they stand or at all, with the reasons. */
export type Faults = ReadonlyMap<ReceivedCommand, string>;

/** Fence, handlers and replies of many commands in one transaction. */
export class CommandTransaction {
  readonly #options: CommandTransactionOptions;

  constructor(options: CommandTransactionOptions) {
    this.#options = options;
  }

  /**
   * Handles commands of different steps. When it resolves, all but the faulty ones are committed and their replies are on
   * their way; a faulty one has left no trace. When it rejects nothing is committed, unless the connection was lost during
   * the commit: the fence then knows at the next try.
   */
  async run(commands: readonly ReceivedCommand[]): Promise<Faults> {
    const { database, relay, timeoutMs = 30_000, maxWaitMs = 10_000 } = this.#options;
    const confirmed = relay.takeConfirmed();
    let outcome: BatchOutcome;
    try {
      outcome = await transact(
        database,
        (transaction) => withTimeout(this.#work(transaction, commands, confirmed), timeoutMs),
        { timeout: timeoutMs, maxWait: maxWaitMs },
      );
    } catch (error) {
      relay.giveBack(confirmed);
      throw error;
    }
    failpoint('participant.committed');
    relay.publish(outcome.replies);
    return outcome.faults;
  }

  async #work(
    transaction: SqlExecutor,
    commands: readonly ReceivedCommand[],
    confirmed: readonly string[],
  ): Promise<BatchOutcome> {
    const outcome: BatchOutcome = { results: [], replies: [], faults: new Map() };
    const earlier = await enterFence(transaction, commands);
    for (const command of commands) {
      try {
        const verdict = judge(command, earlier);
        if (verdict.kind === 'run') await this.#handle(transaction, command, outcome);
        else addAnswer(outcome, command, verdict.answer, verdict.record);
      } catch (error) {
        if (!(error instanceof CommandFault)) throw error;
        outcome.faults.set(command, describeFault(error.cause));
        outcome.results.push({ key: ownKey(command.envelope), outcome: null, reply: null });
      }
    }
    await recordResults(
      transaction,
      outcome.results,
      outcome.replies,
      this.#options.relay.leaseMs,
      confirmed,
    );
    failpoint('participant.before-commit');
    return outcome;
  }

  /** @throws CommandFault for a bug; anything else concerns the whole transaction */
  async #handle(transaction: SqlExecutor, command: ReceivedCommand, outcome: BatchOutcome): Promise<void> {
    // Never released: the next one of the name hides it, and a round trip is saved.
    await transaction.$executeRawUnsafe('SAVEPOINT handler');
    let answer: Answer;
    try {
      answer = { outcome: 'done', body: replyOf(await this.#options.invoke(command, transaction)) };
    } catch (error) {
      if (!(error instanceof CommandRejected) && this.#isPassing(command, error)) throw error;
      await transaction.$executeRawUnsafe('ROLLBACK TO SAVEPOINT handler');
      if (!(error instanceof CommandRejected)) throw new CommandFault(error);
      answer = { outcome: 'rejected', body: { code: error.code, message: error.message } };
    }
    addAnswer(outcome, command, answer, true);
  }

  #isPassing(command: ReceivedCommand, error: unknown): boolean {
    return isTransient(error) || (this.#options.isPassing?.(command, error) ?? false);
  }
}

interface BatchOutcome {
  readonly results: FenceResult[];
  readonly replies: OutboxMessage[];
  readonly faults: Map<ReceivedCommand, string>;
}

/** A bug, or what comes of one: it concerns one command and stays so however often it is tried. */
class CommandFault extends Error {
  constructor(cause: unknown) {
    super('The command can not be handled', { cause });
  }
}

/** Inserts what the commands need in the fence, and resolves with the rows that were there before, by key. */
async function enterFence(
  transaction: SqlExecutor,
  commands: readonly ReceivedCommand[],
): Promise<ReadonlyMap<string, FenceRow>> {
  const keys = commands.flatMap(({ envelope }) => {
    const action = actionKey(envelope);
    return [{ ...ownKey(envelope), tombstone: false }, ...(action ? [{ ...action, tombstone: true }] : [])];
  });
  const inserted = await insertFence(transaction, keys);
  const conflicts = keys.filter((key) => !inserted.has(fenceKeyText(key)));
  if (conflicts.length === 0) return new Map();
  const earlier = await readFence(transaction, conflicts);
  if (earlier.size < conflicts.length) {
    throw new DatabaseFault('A row of the fence was deleted while commands met it');
  }
  return earlier;
}

function judge({ envelope }: ReceivedCommand, earlier: ReadonlyMap<string, FenceRow>): Verdict {
  const own = earlier.get(fenceKeyText(ownKey(envelope)));
  const action = actionKey(envelope);
  try {
    return action ? judgeCompensation(own, earlier.get(fenceKeyText(action))) : judgeAction(own);
  } catch (error) {
    throw new CommandFault(error);
  }
}

function addAnswer(outcome: BatchOutcome, command: ReceivedCommand, answer: Answer, record: boolean) {
  outcome.replies.push(outboxMessage(command.answerWith(answer)));
  if (!record) return;
  const reply = JSON.stringify(answer.body);
  outcome.results.push({ key: ownKey(command.envelope), outcome: answer.outcome, reply });
}

/** What a handler returned, as it can go on the wire. @throws TypeError if it can't */
function replyOf(result: unknown): object {
  const reply = result ?? {};
  if (typeof reply !== 'object' || Array.isArray(reply)) {
    throw new TypeError('A handler must return its reply as an object, or nothing for an empty one');
  }
  // Serialised here, so that what can't be is this command's fault alone.
  const json: unknown = JSON.parse(JSON.stringify(reply));
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new TypeError('The reply of a handler must be a JSON object');
  }
  return json;
}

/** Prisma ends an overlong transaction only at its next statement; a handler that waits for ever would never get there. */
async function withTimeout<Result>(work: Promise<Result>, milliseconds: number): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new DatabaseFault(`The handlers took longer than ${milliseconds} ms`)),
      milliseconds,
    );
  });
  try {
    return await Promise.race([work, expiry]);
  } finally {
    clearTimeout(timer);
  }
}
