import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { eventually } from '@clew/testing';
import { audit } from '../e2e/support/audit.js';
import type { Transition } from '../e2e/support/gateway.js';
import { historyProblems } from '../e2e/support/history-problems.js';
import { it } from '../e2e/support/it-with-logs.js';
import { ReplyCopier } from '../e2e/support/reply-copier.js';
import { RunningSystem, serversOfTheRun } from '../e2e/support/running-system.js';
import { tripsOnOneFlight } from '../e2e/support/trip.js';

const orchestrators = 4;

/** Transitions that one process has written, by what caused them. */
interface Share {
  readonly writer: string;
  readonly replies: number;
  readonly deadlines: number;
}

describe('four orchestrators on one database, to whom the same things happen', () => {
  let system: RunningSystem;
  let copier: ReplyCopier;
  beforeAll(async () => {
    const { amqpUrl, databaseUrl } = serversOfTheRun();
    const impatient = {
      CLEW_STEP_TIMEOUT_MS: '200',
      CLEW_STEP_MAX_TIMEOUT_MS: '2000',
      CLEW_STEP_ATTEMPTS: '1000',
      CLEW_COMPENSATION_ATTEMPTS: '1000',
    };
    // Each process has a name of its own in the database, to tell who wrote what.
    const named = (instance: number) => {
      const url = new URL(databaseUrl);
      url.searchParams.set('application_name', `orchestrator ${instance}`);
      return { DATABASE_URL: url.href };
    };
    // RabbitMQ is not to notice that the hotels stand still for a while.
    const unnoticed = new URL(amqpUrl);
    unnoticed.searchParams.set('heartbeat', '300');
    system = await RunningSystem.start({
      instances: { orchestrator: orchestrators },
      environment: {
        orchestrator: (instance) => ({ ...impatient, ...named(instance) }),
        hotels: { AMQP_URL: unnoticed.href },
      },
    });
    await noteWriters();
    copier = await ReplyCopier.bind(system, orchestrators);
  }, 90_000);
  afterAll(async () => {
    await copier?.close();
    await system?.stop();
  }, 60_000);

  it('make no transition twice: every reply comes five times, and deadlines fire in all of them', async () => {
    const requests = [
      ...tripsOnOneFlight(120, { flight: { flightNumber: 'CL110' } }),
      ...tripsOnOneFlight(120, { flight: { flightNumber: 'CL111' } }),
      ...tripsOnOneFlight(60, { flight: { flightNumber: 'CL112' }, hotel: { hotelId: 'GRAND-FULL' } }),
    ];
    system.app('hotels').suspend();
    const begun = await Promise.all(
      requests.map((request, n) => system.gateway(n % orchestrators).book(request)),
    );
    await untilAllHaveFiredDeadlines();
    system.app('hotels').resume();
    await system.untilAllEnded(begun.length, 90_000);

    const { completed, compensated } = await audit(system, { accepted: begun.map(({ id }) => id) });
    expect([completed.length, compensated.length]).toEqual([240, 60]);
    const problems: string[] = [];
    for (const [n, booking] of [...completed, ...compensated].entries()) {
      const path = `/bookings/${booking.id}/history`;
      const { items } = await system.gateway(n % orchestrators).json<{ items: Transition[] }>(path);
      problems.push(...historyProblems(booking, items));
    }
    expect(problems).toEqual([]);

    expect(copier.seen).toBeGreaterThanOrEqual(240 * 3 + 60 * 5);
    const shares = await sharesOfWriters();
    expect(shares).toHaveLength(orchestrators);
    for (const { replies, deadlines } of shares) {
      expect(replies).toBeGreaterThan(0);
      expect(deadlines).toBeGreaterThan(0);
    }
  }, 180_000);

  /** From now on the database itself keeps a record of which process made which transition. */
  async function noteWriters(): Promise<void> {
    for (const sql of [
      'CREATE TABLE written_by (saga_id uuid, revision int, writer text)',
      `CREATE FUNCTION note_writer() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         INSERT INTO written_by VALUES (NEW.saga_id, NEW.revision, current_setting('application_name'));
         RETURN NULL;
       END $$`,
      'CREATE TRIGGER note_writer AFTER INSERT ON saga_history FOR EACH ROW EXECUTE FUNCTION note_writer()',
    ])
      await system.databases.rows('orchestrator', sql);
  }

  function sharesOfWriters(): Promise<Share[]> {
    return system.databases.rows<Share>(
      'orchestrator',
      `SELECT writer, count(*) FILTER (WHERE kind = 'reply')::int AS replies,
         count(*) FILTER (WHERE kind = 'deadline')::int AS deadlines
       FROM written_by JOIN (SELECT saga_id, revision, entries->0->'cause'->>'kind' AS kind FROM saga_history) AS history
         USING (saga_id, revision)
       GROUP BY writer ORDER BY writer`,
    );
  }

  async function untilAllHaveFiredDeadlines(): Promise<void> {
    await eventually(
      async () => {
        const shares = await sharesOfWriters();
        if (shares.filter(({ deadlines }) => deadlines > 0).length === orchestrators) return true;
        throw new Error(JSON.stringify(shares));
      },
      { within: 30_000, every: 200, describe: 'deadlines in every process' },
    );
  }
});
