import { afterAll, afterEach, beforeAll, describe, expect } from '@jest/globals';
import { eventually } from '@clew/testing';
import type { Environment } from './app-process.js';
import { audit } from './audit.js';
import type { Booking, Transition } from './gateway.js';
import { it } from './it-with-logs.js';
import { RunningSystem, serversOfTheRun } from './running-system.js';
import { trip, tripsOnOneFlight } from './trip.js';

/** One of two processes of an app stands still while it works; the other one goes on. */
export interface Sleep {
  readonly app: 'orchestrator' | 'flights';
  /** Where it falls asleep, at the first pass. */
  readonly failpoint: string;
  readonly when: string;
  /** Variables for the life in which it does. */
  readonly environment?: () => Environment;
  /** It is to have deadlines in its hands, and to sleep until they have come up again. */
  readonly untilDeadlinesPass?: boolean;
}

/**
 * A broker that doesn't notice who stands still: what such a process has in its hands isn't given to others, and what it
 * says late is heard.
 */
export function unnoticed(): Environment {
  const url = new URL(serversOfTheRun().amqpUrl);
  url.searchParams.set('heartbeat', '300');
  return { AMQP_URL: url.href };
}

/** Describes that a process which stood still until others had ended its bookings changes nothing of them. */
export function describeSleeps(sleeps: readonly Sleep[]): void {
  describe('a process that stands still for longer than its leases, and goes on as if nothing had been', () => {
    let system: RunningSystem;
    let begun = 0;
    beforeAll(async () => {
      // What the sleeping process has in its hands is asked again until others have it.
      const persistent = {
        CLEW_STEP_TIMEOUT_MS: '500',
        CLEW_STEP_MAX_TIMEOUT_MS: '500',
        CLEW_STEP_ATTEMPTS: '1000',
        CLEW_COMPENSATION_ATTEMPTS: '1000',
      };
      const swift = { CLEW_OUTBOX_LEASE_MS: '1000' };
      system = await RunningSystem.start({
        instances: { orchestrator: 2, flights: 2 },
        environment: { orchestrator: { ...persistent, ...swift, ...unnoticed() }, flights: swift },
      });
    }, 90_000);
    afterAll(() => system?.stop(), 60_000);
    afterEach(async () => {
      for (const app of system.processes) {
        app.resume();
        if (!app.isRunning) app.start();
      }
      await Promise.all(system.processes.map((app) => app.untilReady()));
    }, 60_000);

    for (const { app, failpoint, when, environment, untilDeadlinesPass } of sleeps) {
      it(`changes nothing: ${app}, when ${when}`, async () => {
        const [sleeper, other] = [system.app(app, 0), system.app(app, 1)];
        await sleeper.stop();
        sleeper.start({ ...environment?.(), CLEW_FAILPOINT: `${failpoint}:1:stop` });
        await sleeper.untilReady();

        const accepted = untilDeadlinesPass ? await bookUntilDeadlinesPass() : await bookSome();
        await sleeper.untilSuspended();
        await system.untilAllEnded(begun, 60_000);
        const ended = await tell(1, accepted);
        await sleeper.untilSuspended(); // All of that went on without it.

        sleeper.resume();
        await other.stop();
        await sleeper.untilReady();
        // Alone it has to work through all that it had in its hands, and then through this.
        const later = await system.gateway(app === 'orchestrator' ? 0 : 1).bookAndWait(trip());
        begun += 1;
        expect(later.status).toBe('COMPLETED');
        expect(await tell(0, accepted)).toEqual(ended);
        await audit(system, { accepted: [...accepted, later.id] });
      }, 120_000);
    }

    /** Through the second gateway: the first one may fall asleep. */
    async function bookSome(): Promise<string[]> {
      const requests = [...tripsOnOneFlight(6), ...tripsOnOneFlight(2, { hotel: { hotelId: 'GRAND-FULL' } })];
      const bookings = await Promise.all(requests.map((request) => system.gateway(1).book(request)));
      begun += bookings.length;
      return bookings.map(({ id }) => id);
    }

    /** The first process of the orchestrator falls asleep with deadlines in its hands, and the other fires them at last. */
    async function bookUntilDeadlinesPass(): Promise<string[]> {
      const [sleeper, other] = [system.app('orchestrator', 0), system.app('orchestrator', 1)];
      const flights = [system.app('flights', 0), system.app('flights', 1)];
      await Promise.all(flights.map((silent) => silent.stop()));
      const accepted = await bookSome();
      other.suspend(); // Or it might be the one that claims them, each time anew.
      await sleeper.untilSuspended();
      other.resume();
      // Whoever claims deadlines puts them off by ten seconds.
      const claimed = `SELECT count(*)::int AS count FROM saga_deadline WHERE attempt = 1`;
      const [before] = await system.databases.rows<{ count: number }>('orchestrator', claimed);
      // The other one may have fired some before it was suspended, but none of those that the sleeper has; and all are still armed.
      expect(before!.count).toBeGreaterThan(0);
      expect(await system.databases.count('orchestrator', 'saga_deadline')).toBe(accepted.length);
      await eventually(
        async () =>
          (await system.databases.rows('orchestrator', `${claimed} HAVING count(*) > 0`)).length === 0,
        {
          within: 30_000,
          every: 200,
          describe: 'the other process to fire the deadlines of the sleeping one',
        },
      );
      for (const silent of flights) silent.start();
      return accepted;
    }

    /** What there is to be told of bookings. */
    async function tell(gateway: number, ids: readonly string[]): Promise<object[]> {
      const from = system.gateway(gateway);
      return Promise.all(
        ids.map(async (id) => {
          const { links: _links, ...booking }: Booking = await from.booking(id);
          return { booking, history: await from.json<{ items: Transition[] }>(`/bookings/${id}/history`) };
        }),
      );
    }
  });
}
