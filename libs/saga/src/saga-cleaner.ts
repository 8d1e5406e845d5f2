import { setTimeout as delay } from 'node:timers/promises';
import { newId } from '@clew/ids';
import { forgetMessage } from '@clew/envelope';
import { insertOutbox, outboxMessage, transact, type SqlDatabase, type SqlExecutor } from '@clew/outbox';

export interface SagaCleanerOptions {
  readonly database: SqlDatabase;
  /** Queues of all participants, which are told what they may forget. */
  readonly destinations: readonly string[];
  /** How long a saga is kept after its end, in milliseconds by the database's clock; `Infinity` is for ever. */
  readonly retentionMs: number;
  readonly logger: { warn(message: string): void };
  /** Milliseconds from the end of a sweep to the next one. Default a minute. */
  readonly everyMs?: number;
  /** Most sagas that are deleted in one transaction. Default 500. */
  readonly batchSize?: number;
  /** Milliseconds between two batches of a sweep, so that others get their turn. Default 100. */
  readonly pauseMs?: number;
}

/**
 * Which sagas `s` may go: all of it must hold. Those that run or are STUCK have no `ended_at`; the status says it once more,
 * for a row that was edited by hand. A message that has waited in the outbox for a day may be a command of any saga, also of
 * one that has ended since: published now, it would come to participants that have forgotten its saga. A child goes after its
 * parent, not only after its parent's end: a parent that is a child itself and COMPLETED may still turn back, and undo it.
 */
const MAY_GO = [
  `s.ended_at < now() - $1::float8 * interval '1 ms'`,
  `s.status IN ('COMPLETED', 'COMPENSATED')`,
  `NOT EXISTS (SELECT FROM outbox WHERE created_at < now() - interval '1 day')`,
  // Not NOT EXISTS, for which the planner would read the whole table into a hash.
  `(SELECT p.id FROM saga_instance p WHERE p.id = s.parent_id) IS NULL`,
].join(' AND ');

/** Locked rows are another cleaner's, which works on them now: so several share the work and don't wait for each other. */
const TAKE = `SELECT s.id FROM saga_instance s WHERE ${MAY_GO} ORDER BY s.ended_at LIMIT $2::int FOR UPDATE OF s SKIP LOCKED`;

const DELETE = `
WITH history AS (
  DELETE FROM saga_history WHERE saga_id = ANY($1::uuid[])
), deadlines AS (
  DELETE FROM saga_deadline WHERE saga_id = ANY($1::uuid[])
)
DELETE FROM saga_instance WHERE id = ANY($1::uuid[])`;

/**
 * Deletes sagas a while after their end, with history and deadlines, the oldest first, and lets their participants forget
 * them: one message to each for a whole batch, in the outbox of the transaction that deletes them.
 *
 * A participant's fence therefore never forgets a saga that runs or is STUCK, however old it is. By age alone it would:
 * an undo that an operator retries after months would find no trace of its action, and answer "done" without undoing it.
 */
export class SagaCleaner {
  private readonly options: Required<SagaCleanerOptions>;
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private failing = false;

  constructor(options: SagaCleanerOptions) {
    this.options = { everyMs: 60_000, batchSize: 500, pauseMs: 100, ...options };
  }

  /** Sweeps now and from time to time, unless sagas are kept for ever. */
  start(): void {
    if (this.options.retentionMs !== Infinity) this.running = this.run();
  }

  /** Waits for the batch that is being deleted; what is left over is for the next start. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.sweep();
      await this.rest(this.options.everyMs);
    }
  }

  /** Never rejects: what couldn't be deleted now is deleted next time. */
  private async sweep(): Promise<void> {
    const { batchSize, pauseMs, logger } = this.options;
    try {
      while (!this.stopping.signal.aborted) {
        const deleted = await transact(this.options.database, (transaction) => this.deleteBatch(transaction));
        this.failing = false;
        if (deleted < batchSize) return;
        await this.rest(pauseMs);
      }
    } catch (error) {
      if (!this.failing)
        logger.warn(`Sagas past their retention can't be deleted, trying on: ${String(error)}`);
      this.failing = true;
    }
  }

  private async deleteBatch(transaction: SqlExecutor): Promise<number> {
    const { retentionMs, batchSize, destinations } = this.options;
    const rows = await transaction.$queryRawUnsafe<{ id: string }[]>(TAKE, retentionMs, batchSize);
    if (rows.length === 0) return 0;
    const ids = rows.map(({ id }) => id);
    await transaction.$executeRawUnsafe(DELETE, ids);
    const messages = destinations.map((destination) =>
      outboxMessage(forgetMessage(newId(), ids, destination)),
    );
    // Without a lease: the relay's sweep is quick enough for them.
    await insertOutbox(transaction, messages, 0);
    return ids.length;
  }

  private async rest(milliseconds: number): Promise<void> {
    await delay(milliseconds, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}
