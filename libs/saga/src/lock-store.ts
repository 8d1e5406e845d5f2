import type { SqlExecutor } from '@clew/outbox';

/** A lock and whose it is. */
export interface HeldLock {
  readonly key: string;
  readonly sagaId: string;
}

/** A business key with its holder and those who wait for it, longest first. */
export interface LockQueue {
  readonly key: string;
  readonly holder?: string;
  readonly heldSince?: Date;
  /** From then on the next in the queue may have it. */
  readonly leaseUntil?: Date;
  readonly waiters: readonly string[];
}

/** Semantic locks: rows of PostgreSQL, so that all orchestrators on one database share them. */
export class LockStore {
  constructor(private readonly database: SqlExecutor) {}

  /**
   * Takes locks whose lease has ended from their holders, where somebody waits for them. Only holders that have been
   * told of their lock can lose it.
   */
  async expire(): Promise<HeldLock[]> {
    const rows = await this.database.$queryRawUnsafe<{ key: string; saga_id: string }[]>(
      `DELETE FROM saga_lock l
       WHERE l.told AND l.lease_until <= now() AND EXISTS (SELECT FROM saga_lock_queue q WHERE q.key = l.key)
       RETURNING l.key, l.saga_id`,
    );
    return rows.map(heldLock);
  }

  /**
   * Gives every free lock to whoever has waited longest for it, and gives back those that were given but whose holders
   * may not have heard. The key is unique, so of two orchestrators that grant at once one gives it away.
   */
  async grant(tellAgainAfterMs: number): Promise<HeldLock[]> {
    const rows = await this.database.$queryRawUnsafe<{ key: string; saga_id: string }[]>(
      `WITH first AS (
         SELECT DISTINCT ON (q.key) q.key, q.saga_id, q.lease_ms FROM saga_lock_queue q
         WHERE NOT EXISTS (SELECT FROM saga_lock l WHERE l.key = q.key)
         ORDER BY q.key, q.ticket
       ), granted AS (
         INSERT INTO saga_lock (key, saga_id, lease_until)
         SELECT key, saga_id, now() + lease_ms * interval '1 millisecond' FROM first
         ON CONFLICT (key) DO NOTHING
         RETURNING key, saga_id
       ), dequeued AS (
         DELETE FROM saga_lock_queue q USING granted g WHERE q.key = g.key AND q.saga_id = g.saga_id
       )
       SELECT key, saga_id FROM granted
       UNION ALL
       SELECT key, saga_id FROM saga_lock
       WHERE NOT told AND acquired_at < now() - $1::int * interval '1 millisecond'`,
      tellAgainAfterMs,
    );
    return rows.map(heldLock);
  }

  /** The holder knows. */
  async confirm({ key, sagaId }: HeldLock): Promise<void> {
    await this.database.$executeRawUnsafe(
      'UPDATE saga_lock SET told = true WHERE key = $1 AND saga_id = $2::uuid',
      key,
      sagaId,
    );
  }

  /** The holder has ended meanwhile, or never wanted it. */
  async release({ key, sagaId }: HeldLock): Promise<void> {
    await this.database.$executeRawUnsafe(
      'DELETE FROM saga_lock WHERE key = $1 AND saga_id = $2::uuid',
      key,
      sagaId,
    );
  }

  /** All locks that are held or waited for, or the one of a key. */
  async list(key?: string): Promise<LockQueue[]> {
    const rows = await this.database.$queryRawUnsafe<
      {
        key: string;
        holder: string | null;
        held_since: Date | null;
        lease_until: Date | null;
        waiters: string[] | null;
      }[]
    >(
      `SELECT key, l.saga_id AS holder, l.acquired_at AS held_since, l.lease_until, q.waiters
       FROM saga_lock l
       FULL JOIN (SELECT key, array_agg(saga_id::text ORDER BY ticket) AS waiters FROM saga_lock_queue GROUP BY key) AS q
       USING (key)
       WHERE $1::text = '' OR key = $1::text
       ORDER BY key LIMIT 1000`,
      key ?? '',
    );
    return rows.map(({ key, holder, held_since, lease_until, waiters }) => ({
      key,
      ...(holder !== null && { holder }),
      ...(held_since && { heldSince: held_since }),
      ...(lease_until && { leaseUntil: lease_until }),
      waiters: waiters ?? [],
    }));
  }
}

function heldLock({ key, saga_id }: { key: string; saga_id: string }): HeldLock {
  return { key, sagaId: saga_id };
}
