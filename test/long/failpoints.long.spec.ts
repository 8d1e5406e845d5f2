import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import type { AppName } from '../e2e/support/app-process.js';
import { audit } from '../e2e/support/audit.js';
import { it } from '../e2e/support/it-with-logs.js';
import { RunningSystem } from '../e2e/support/running-system.js';
import { tripsOnOneFlight, type Trip } from '../e2e/support/trip.js';

interface Crash {
  readonly app: AppName;
  /** As CLEW_FAILPOINT: the place, and at which pass. */
  readonly failpoint: string;
  readonly when: string;
  readonly requests: readonly Trip[];
}

const outward = tripsOnOneFlight(10);
const refused = tripsOnOneFlight(5, { hotel: { hotelId: 'GRAND-FULL' } });
/** One booking only: so a participant's first pass is the reservation and its second the cancellation. */
const back = refused.slice(0, 1);

const crashes: readonly Crash[] = [
  {
    app: 'orchestrator',
    failpoint: 'orchestrator.committed',
    when: 'bookings are begun, nothing is published',
    requests: outward,
  },
  {
    app: 'orchestrator',
    // Of one booking: its first pass is the start, its second the reply of the flights.
    failpoint: 'orchestrator.before-commit:2',
    when: 'a reply is in its hands, nothing is committed',
    requests: outward.slice(0, 1),
  },
  {
    app: 'orchestrator',
    failpoint: 'orchestrator.committed:4',
    when: 'bookings are under way, out and back',
    requests: [...outward, ...refused],
  },
  {
    app: 'orchestrator',
    failpoint: 'relay.confirmed',
    when: 'commands are published, their outbox rows still there',
    requests: outward,
  },
  {
    app: 'hotels',
    failpoint: 'relay.confirmed',
    when: 'replies are published, their outbox rows still there',
    requests: outward,
  },
  {
    app: 'flights',
    failpoint: 'participant.before-commit',
    when: 'seats are taken, nothing is committed',
    requests: outward,
  },
  {
    app: 'cars',
    failpoint: 'participant.committed',
    when: 'cars are reserved, nothing is acknowledged',
    requests: outward,
  },
  {
    app: 'flights',
    failpoint: 'participant.before-commit:2',
    when: 'seats are given back, nothing is committed',
    requests: back,
  },
  {
    app: 'flights',
    failpoint: 'participant.committed:2',
    when: 'seats are given back, nothing is acknowledged',
    requests: back,
  },
];

const endOf = ({ hotel }: Trip) => (hotel.hotelId === 'GRAND-FULL' ? 'COMPENSATED' : 'COMPLETED');

describe('a crash', () => {
  let system: RunningSystem;
  beforeAll(async () => {
    // So patient that nothing is asked again within the test: what was lost has to come back by itself.
    const patient = { CLEW_STEP_TIMEOUT_MS: '120000', CLEW_STEP_MAX_TIMEOUT_MS: '120000' };
    // What a process that died has left in an outbox is to go out before the next one is killed.
    const swift = { CLEW_OUTBOX_LEASE_MS: '2000' };
    system = await RunningSystem.start({
      environment: { orchestrator: { ...patient, ...swift }, flights: swift, hotels: swift, cars: swift },
    });
  }, 90_000);
  afterAll(() => system?.stop(), 60_000);

  for (const { app, failpoint, when, requests } of crashes) {
    it(`of ${app} when ${when}, loses nothing and doubles nothing`, async () => {
      const process = system.app(app);
      await process.stop();
      process.start({ CLEW_FAILPOINT: failpoint });
      await process.untilReady();

      const before = await system.databases.count('orchestrator', 'saga_instance');
      const [answers, ending] = await Promise.all([
        Promise.allSettled(requests.map((request) => system.gateway().book(request))),
        process.untilDead(),
      ]);
      expect(ending).toEqual({ code: null, signal: 'SIGKILL' });
      // Whoever lost the connection to a gateway that died doesn't know: the booking may exist or not.
      const accepted = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value.id] : []));
      if (app !== 'orchestrator') expect(accepted).toHaveLength(requests.length);

      process.start();
      await process.untilReady();
      await system.untilAllEnded(before + accepted.length);

      // Also that nothing is left on the way, which would meet the next failpoint before its own bookings do.
      const { completed, compensated } = await audit(system, { accepted });
      const all = [...completed, ...compensated];
      expect(all.length).toBeGreaterThan(before);
      expect(all.map(({ status }) => status)).toEqual(all.map(({ trip }) => endOf(trip)));
      // Nothing had to be asked for twice.
      const attempts = all.flatMap(({ steps }) => steps.map((step) => step.attempts));
      expect(Math.max(...attempts)).toBe(1);
    }, 60_000);
  }
});
