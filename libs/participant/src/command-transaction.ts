import { failpoint } from '@clew/failpoint';
import {
  DatabaseFault,
  isTransient,
  transact,
  type Relay,
  type SqlDatabase,
  type SqlExecutor,
} from '@clew/outbox';
import { BatchOutcome, CommandFault, type Faults } from './batch-outcome.js';
import type { CommandHandlers } from './command-handlers.js';
import { CommandRejected } from './command-rejected.js';
import { fenceKeyText, insertFence, readFence, recordResults, type FenceRow } from './fence-rows.js';
import { judgeAction, judgeCompensation, type Verdict } from './fence-verdict.js';
import { answersOf, doneWith, rejectedWith } from './handler-answer.js';
import { actionKey, ownKey, type ReceivedCommand } from './received-command.js';

export interface CommandTransactionOptions {
  readonly database: SqlDatabase;
  readonly relay: Pick<Relay, 'leaseMs' | 'publish' | 'takeConfirmed' | 'giveBack'>;
  readonly handlers: CommandHandlers;
  /** Longest duration in milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
  /** Longest wait for a connection in milliseconds. Default 10,000. */
  readonly maxWaitMs?: number;
}

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
        (transaction, client) => withTimeout(this.#work(transaction, client, commands, confirmed), timeoutMs),
        { timeout: timeoutMs, maxWait: maxWaitMs },
      );
    } catch (error) {
      relay.giveBack(confirmed);
      if (error instanceof LoneFault) return new Map([[error.command, error.fault.reason]]);
      throw error;
    }
    failpoint('participant.committed');
    relay.publish(outcome.replies);
    return outcome.faults;
  }

  async #work(
    transaction: SqlExecutor,
    client: SqlExecutor,
    commands: readonly ReceivedCommand[],
    confirmed: readonly string[],
  ): Promise<BatchOutcome> {
    const outcome = new BatchOutcome();
    const earlier = await enterFence(transaction, commands);
    const together = new Map<string, ReceivedCommand[]>();
    for (const command of commands) {
      const { type } = command.envelope;
      try {
        const verdict = judge(command, earlier);
        if (verdict.kind === 'answer') outcome.answer(command, verdict.answer, verdict.record);
        else if (!this.#options.handlers.takesMany(type))
          await this.#handle(transaction, client, command, outcome);
        else if (together.has(type)) together.get(type)!.push(command);
        else together.set(type, [command]);
      } catch (error) {
        if (!(error instanceof CommandFault)) throw error;
        outcome.fault(command, error);
      }
    }
    for (const ofOneType of together.values())
      await this.#handleTogether(client, ofOneType, outcome, commands.length === 1);
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
  async #handle(
    transaction: SqlExecutor,
    client: SqlExecutor,
    command: ReceivedCommand,
    outcome: BatchOutcome,
  ): Promise<void> {
    // Never released: the next one of the name hides it, and a round trip is saved.
    await transaction.$executeRawUnsafe('SAVEPOINT handler');
    try {
      outcome.answer(command, doneWith(await this.#options.handlers.invoke(command, client)), true);
    } catch (error) {
      if (!(error instanceof CommandRejected) && this.#isPassing(command, error)) throw error;
      await transaction.$executeRawUnsafe('ROLLBACK TO SAVEPOINT handler');
      if (!(error instanceof CommandRejected)) throw new CommandFault(error);
      outcome.answer(command, rejectedWith(error), true);
    }
  }

  /**
   * Without a savepoint: what a batch handler throws ends the transaction, as nobody knows which command it was about. Each
   * is tried by itself then, and `isAlone`.
   *
   * @throws LoneFault for a bug that one command alone meets; anything else concerns the whole transaction
   */
  async #handleTogether(
    client: SqlExecutor,
    commands: readonly ReceivedCommand[],
    outcome: BatchOutcome,
    isAlone: boolean,
  ): Promise<void> {
    const { handlers } = this.#options;
    const readable: ReceivedCommand[] = [];
    const payloads: object[] = [];
    for (const command of commands)
      try {
        payloads.push(await handlers.read(command));
        readable.push(command);
      } catch (error) {
        outcome.fault(command, new CommandFault(error));
      }
    if (readable.length === 0) return;
    try {
      const results = await handlers.invokeMany(readable, payloads, client);
      const answers = answersOf(results, readable.length);
      for (const [index, command] of readable.entries()) outcome.answer(command, answers[index]!, true);
    } catch (error) {
      if (!isAlone || this.#isPassing(readable[0]!, error)) throw error;
      throw new LoneFault(
        readable[0]!,
        new CommandFault(error instanceof CommandRejected ? thrown(error) : error),
      );
    }
  }

  #isPassing({ envelope }: ReceivedCommand, error: unknown): boolean {
    return isTransient(error) || this.#options.handlers.isPassing(envelope.type, error);
  }
}

/** Of the only command in a transaction, which is rolled back for it. */
class LoneFault extends Error {
  constructor(
    readonly command: ReceivedCommand,
    readonly fault: CommandFault,
  ) {
    super(fault.message, { cause: fault });
  }
}

/** What a handler of one command throws rolls back that one; of many, nobody could tell which. */
function thrown({ code, message }: CommandRejected): TypeError {
  return new TypeError(`A batch handler returns its rejections and doesn't throw them: ${code}, ${message}`);
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
