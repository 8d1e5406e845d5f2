import type pg from 'pg';
import type { RunningSystem } from '../../test/e2e/support/running-system.js';
import { connectTo } from '../system/bench-system.js';

/**
 * Knows how many sagas are under way by asking the orchestrator's database for all of them at once, over one connection.
 * What the asking costs on both ends is put down to the load generator (`serverPid`), not to PostgreSQL.
 */
export class Watch {
  private questions = 0;

  private constructor(
    private readonly client: pg.Client,
    /** The server's process that answers. */
    readonly serverPid: number,
  ) {}

  static async open(system: RunningSystem): Promise<Watch> {
    const client = await connectTo(system, 'orchestrator');
    // The index by status has few that are under way and many that have ended, whatever statistics there are of it yet.
    // An index scan marks entries of rows that are dead, so that the next passes them by; a bitmap scan would visit them all each time.
    await client.query('SET enable_seqscan = off; SET enable_bitmapscan = off');
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    return new Watch(client, rows[0]!.pid);
  }

  /** How many transactions it has cost so far. */
  get asked(): number {
    return this.questions;
  }

  /** How many sagas have begun and not ended. */
  async underWay(): Promise<number> {
    this.questions += 1;
    const { rows } = await this.client.query<[number]>({
      name: 'under-way',
      rowMode: 'array',
      text: `SELECT count(*)::int FROM saga_instance WHERE status IN ('RUNNING', 'COMPENSATING', 'STUCK')`,
    });
    return rows[0]![0];
  }

  /**
   * When sagas ended, in milliseconds since 1970, by their ids; those that haven't are left out.
   *
   * The clock is the database's: `ended_at` is when the transaction began in which the end was committed. It may be compared with
   * `Date.now()` of this process because both read the clock of the same machine, which `clockDifference` makes sure of.
   * A caller could have seen the end only when that transaction was through: how long that takes is measured apart (`measureCommitDelay`).
   */
  async endsOf(ids: readonly string[]): Promise<Map<string, number>> {
    this.questions += 1;
    const { rows } = await this.client.query<[string, number]>({
      rowMode: 'array',
      text: `SELECT id, extract(epoch FROM ended_at)::float8 * 1000 FROM saga_instance
             WHERE id = ANY($1::uuid[]) AND ended_at IS NOT NULL`,
      values: [ids],
    });
    return new Map(rows);
  }

  /** Milliseconds that the database's clock is ahead of this process's, taken from the quickest of some answers. */
  async clockDifference(): Promise<number> {
    let best = { within: Infinity, difference: NaN };
    for (let n = 0; n < 20; n++) {
      const before = preciseNow();
      const { rows } = await this.client.query<[number]>({
        rowMode: 'array',
        text: 'SELECT extract(epoch FROM clock_timestamp())::float8 * 1000',
      });
      const within = preciseNow() - before;
      if (within < best.within) best = { within, difference: rows[0]![0] - before - within / 2 };
    }
    return best.difference;
  }

  close(): Promise<void> {
    return this.client.end();
  }
}

function preciseNow(): number {
  return performance.timeOrigin + performance.now();
}
