import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { eventually } from '@clew/testing';
import type { AppName } from '../e2e/support/app-process.js';
import { audit } from '../e2e/support/audit.js';
import type { Booking } from '../e2e/support/gateway.js';
import { it } from '../e2e/support/it-with-logs.js';
import { availabilityFor } from '../e2e/support/participants.js';
import { RunningSystem } from '../e2e/support/running-system.js';
import { trip, type Coordination, type Trip, type TripChanges } from '../e2e/support/trip.js';

const LOCATIONS = ['AMS', 'BER', 'CDG', 'IST', 'JFK', 'LHR', 'MAD', 'SVO', 'TBS', 'YYZ'];
const FULL: readonly TripChanges[] = [
  {},
  { hotel: { hotelId: 'GRAND-FULL' } },
  { car: { carClass: 'limousine' } },
  { flight: { flightNumber: 'CL404' } },
  {},
];

/** Trips of every kind in turn, on dates of their own; the same for every first date. */
function mixedTrips(count: number, coordination: Coordination, year: number): Trip[] {
  return Array.from({ length: count }, (_, n) => {
    const month = String(1 + (Math.floor(n / 20) % 12)).padStart(2, '0');
    const [from, to] = [`${year}-${month}-05`, `${year}-${month}-07`];
    const full = FULL[n % FULL.length]!;
    return trip({
      flight: { flightNumber: `CL1${String(n % 50).padStart(2, '0')}`, date: from, ...full.flight },
      hotel: { hotelId: `HOTEL-${1 + (n % 50)}`, checkIn: from, checkOut: to, ...full.hotel },
      car: { location: LOCATIONS[n % 10]!, pickUp: from, dropOff: to, ...full.car },
      coordination,
    });
  });
}

/** Books with so many requests at a time, and gives the ids in the order of the trips. */
async function bookAll(system: RunningSystem, trips: readonly Trip[], atOnce = 20): Promise<string[]> {
  const ids: string[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < trips.length; index = next++)
      ids[index] = (await system.gateway().book(trips[index]!)).id;
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return ids;
}

/** A booking without what is different each time. */
const essence = ({ status, failure, steps }: Booking) => ({
  status,
  failure: failure && { step: failure.step, code: failure.code },
  steps: steps.map(({ name, status, rejection }) => [name, status, rejection?.code ?? null]),
});

describe('a thousand mixed bookings in each coordination', () => {
  let system: RunningSystem;
  beforeAll(async () => {
    system = await RunningSystem.start();
  }, 90_000);
  afterAll(() => system?.stop(), 60_000);

  it('end the same, inventory included', async () => {
    const trips = {
      orchestration: mixedTrips(1_000, 'orchestration', 2027),
      choreography: mixedTrips(1_000, 'choreography', 2028),
    };
    const [orchestrated, choreographed] = await Promise.all([
      bookAll(system, trips.orchestration),
      bookAll(system, trips.choreography),
    ]);
    await system.untilAllEnded(2_000, 180_000);
    await audit(system, { accepted: [...orchestrated, ...choreographed] });

    const bookings = new Map((await system.gateway().allBookings()).map((booking) => [booking.id, booking]));
    const ends = (ids: readonly string[]) => ids.map((id) => essence(bookings.get(id)!));
    expect(ends(choreographed)).toEqual(ends(orchestrated));
    const left = (all: readonly Trip[]) =>
      Promise.all(all.slice(0, 250).map((one) => availabilityFor(system, one)));
    expect(await left(trips.choreography)).toEqual(await left(trips.orchestration));
  }, 300_000);
});

describe('a crash while trips are choreographed', () => {
  const crashes: readonly { app: AppName; failpoints: readonly string[] }[] = [
    {
      app: 'flights',
      failpoints: ['participant.before-commit', 'participant.committed:2', 'relay.confirmed:3'],
    },
    // The owner's part is in the same process.
    {
      app: 'flights',
      failpoints: ['orchestrator.before-commit:2', 'orchestrator.committed', 'orchestrator.committed:4'],
    },
    { app: 'hotels', failpoints: ['participant.before-commit', 'participant.committed', 'relay.confirmed'] },
    {
      app: 'cars',
      failpoints: ['participant.before-commit:2', 'participant.committed:2', 'relay.confirmed:2'],
    },
    {
      app: 'orchestrator',
      failpoints: ['orchestrator.before-commit:2', 'orchestrator.committed:3', 'relay.confirmed'],
    },
  ];
  let system: RunningSystem;
  beforeAll(async () => {
    // So patient that nothing is asked again within the test: what was lost has to come back by itself.
    const patient = { CLEW_STEP_TIMEOUT_MS: '120000', CLEW_STEP_MAX_TIMEOUT_MS: '120000' };
    const swift = { CLEW_OUTBOX_LEASE_MS: '2000' };
    system = await RunningSystem.start({
      environment: { orchestrator: swift, flights: { ...patient, ...swift }, hotels: swift, cars: swift },
    });
  }, 90_000);
  afterAll(() => system?.stop(), 60_000);

  for (const { app, failpoints } of crashes)
    for (const failpoint of failpoints)
      it(`of ${app} at ${failpoint} loses nothing, doubles nothing and leaves nothing behind`, async () => {
        const process = system.app(app);
        await process.stop();
        process.start({ CLEW_FAILPOINT: failpoint });
        await process.untilReady();
        const before = await system.databases.count('orchestrator', 'saga_instance');
        const requests = mixedTrips(20, 'choreography', 2027);
        const [answers, ending] = await Promise.all([
          Promise.allSettled(requests.map((request) => system.gateway().book(request))),
          process.untilDead(),
        ]);
        expect(ending).toEqual({ code: null, signal: 'SIGKILL' });
        const accepted = answers.flatMap((answer) =>
          answer.status === 'fulfilled' ? [answer.value.id] : [],
        );
        if (app !== 'orchestrator') expect(accepted).toHaveLength(requests.length);

        process.start();
        await process.untilReady();
        await system.untilAllEnded(before + accepted.length, 60_000);
        const { completed, compensated } = await audit(system, { accepted });
        const attempts = [...completed, ...compensated].flatMap(({ steps }) =>
          steps.map((step) => step.attempts),
        );
        expect(Math.max(...attempts)).toBe(1);
      }, 120_000);
});

describe('five hundred choreographed trips under way', () => {
  let system: RunningSystem;
  beforeAll(async () => {
    system = await RunningSystem.start();
  }, 90_000);
  afterAll(() => system?.stop(), 60_000);

  it('end while the orchestrator is down, and its view of them is right once it is back', async () => {
    await system.app('hotels').kill9();
    const ids = await bookAll(system, mixedTrips(500, 'choreography', 2027));
    await eventually(async () => (await system.databases.count('orchestrator', 'outbox')) === 0, {
      within: 30_000,
      describe: 'the word that all have started to be out',
    });
    await system.app('orchestrator').kill9();
    system.app('hotels').start();
    await system.app('hotels').untilReady();

    const owned = () =>
      system.databases.rows<{ id: string; status: string }>(
        'flights',
        'SELECT id, status FROM saga_instance',
      );
    await eventually(
      async () => {
        const rows = await owned();
        const open = rows.filter(({ status }) => status !== 'COMPLETED' && status !== 'COMPENSATED');
        if (rows.length === ids.length && open.length === 0) return true;
        throw new Error(`${rows.length} have begun, ${open.length} are under way`);
      },
      { within: 120_000, every: 200, describe: 'the end of 500 trips without an orchestrator' },
    );
    const ends = new Map((await owned()).map(({ id, status }) => [id, status]));
    expect([...ends.values()].filter((status) => status === 'COMPLETED')).toHaveLength(200);
    const [held] = await system.databases.rows<{ count: number }>(
      'hotels',
      "SELECT count(*)::int AS count FROM reservation WHERE status = 'RESERVED'",
    );
    expect(held).toEqual({ count: 200 });

    system.app('orchestrator').start();
    await system.app('orchestrator').untilReady();
    await system.untilAllEnded(500, 60_000);
    const { completed, compensated } = await audit(system, { accepted: ids });
    for (const { id, status } of [...completed, ...compensated]) expect(status).toBe(ends.get(id));
  }, 300_000);
});
