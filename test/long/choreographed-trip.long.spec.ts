import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { eventually } from '@clew/testing';
import { audit } from '../e2e/support/audit.js';
import type { Booking, Transition } from '../e2e/support/gateway.js';
import { it } from '../e2e/support/it-with-logs.js';
import { availabilityFor, reservationsOf } from '../e2e/support/participants.js';
import { RunningSystem } from '../e2e/support/running-system.js';
import { trip, type Coordination, type TripChanges } from '../e2e/support/trip.js';

const COORDINATIONS: readonly Coordination[] = ['orchestration', 'choreography'];

/** A booking without what is different each time. */
const essence = ({ status, failure, steps }: Booking) => ({
  status,
  failure,
  steps: steps.map(({ name, status, attempts, rejection }) => ({ name, status, attempts, rejection })),
});

/** The events of a history without what is different each time. */
const storyOf = (transitions: readonly Transition[]) => transitions.map(({ type, step }) => [type, step]);

describe('a trip that its participants move on by themselves', () => {
  let system: RunningSystem;
  beforeAll(async () => {
    system = await RunningSystem.start();
  }, 90_000);
  afterAll(() => system?.stop(), 60_000);

  const book = async (changes: TripChanges, coordination: Coordination) => {
    const booking = await system.gateway().bookAndWait(trip({ ...changes, coordination }));
    expect(booking.coordination).toBe(coordination);
    return booking;
  };

  const cases: [string, TripChanges, object][] = [
    ['goes well', {}, { flights: 'RESERVED', hotels: 'RESERVED', cars: 'RESERVED' }],
    [
      'is refused its flight',
      { flight: { flightNumber: 'CL404' } },
      { flights: 404, hotels: 404, cars: 404 },
    ],
    ['is refused its hotel', { hotel: { hotelId: 'GRAND-FULL' } }, { flights: 'CANCELLED', hotels: 404 }],
    ['is refused its car', { car: { carClass: 'limousine' } }, { flights: 'CANCELLED', cars: 404 }],
    [
      'names an unknown flight',
      { flight: { flightNumber: 'CL999' } },
      { flights: 404, hotels: 404, cars: 404 },
    ],
  ];
  for (const [what, changes, reservations] of cases)
    it(`ends like an orchestrated one when it ${what}`, async () => {
      const [orchestrated, choreographed] = await Promise.all(
        COORDINATIONS.map((coordination) => book(changes, coordination)),
      );
      expect(essence(choreographed!)).toEqual(essence(orchestrated!));
      for (const { id } of [orchestrated!, choreographed!])
        expect(await reservationsOf(system, id)).toMatchObject(reservations);
    });

  it('has the history that it would have had with an orchestrator', async () => {
    const histories = await Promise.all(
      COORDINATIONS.map(async (coordination) => {
        const { id } = await book({ flight: { flightNumber: 'CL404' } }, coordination);
        return (await system.gateway().json<{ items: Transition[] }>(`/bookings/${id}/history`)).items;
      }),
    );
    expect(storyOf(histories[1]!)).toEqual(storyOf(histories[0]!));
    expect(histories[1]!.map(({ cause }) => cause.kind)).toContain('fact');
  });

  it('is cancelled by its caller, whatever of it had begun unheard', async () => {
    const request = trip({ coordination: 'choreography' });
    const before = await availabilityFor(system, request);
    await system.app('hotels').kill9();
    const { id } = await system.gateway().book(request);
    await eventually(async () => (await system.ask('cars', `/reservations/${id}`)).ok);
    const wish = await fetch(`${system.gateway().url}/bookings/${id}/cancel`, { method: 'POST' });
    expect(wish.status).toBe(202);
    system.app('hotels').start();
    await system.app('hotels').untilReady();
    const ended = await system.gateway().untilEnded(id);
    expect(ended).toMatchObject({ status: 'COMPENSATED', failure: { code: 'CANCELLED' } });
    expect(await availabilityFor(system, request)).toEqual(before);
  }, 60_000);

  it('ends without the orchestrator once it has started', async () => {
    const gateway = system.gateway();
    await system.app('flights').kill9();
    const booked = await gateway.book(trip({ coordination: 'choreography' }));
    const refused = await gateway.book(
      trip({ coordination: 'choreography', hotel: { hotelId: 'GRAND-FULL' } }),
    );
    await eventually(async () => (await system.databases.count('orchestrator', 'outbox')) === 0);
    await system.app('orchestrator').kill9();
    system.app('flights').start();
    await system.app('flights').untilReady();
    const owned = (id: string) =>
      system.databases.rows<{ status: string }>(
        'flights',
        `SELECT status FROM saga_instance WHERE id = '${id}'`,
      );
    await eventually(async () => (await owned(booked.id))[0]?.status === 'COMPLETED');
    await eventually(async () => (await owned(refused.id))[0]?.status === 'COMPENSATED');
    system.app('orchestrator').start();
    await system.app('orchestrator').untilReady();
    expect(await system.gateway().untilEnded(booked.id)).toMatchObject({ status: 'COMPLETED' });
    expect(await system.gateway().untilEnded(refused.id)).toMatchObject({
      status: 'COMPENSATED',
      failure: { step: 'hotel', code: 'HOTEL_SOLD_OUT' },
    });
  }, 90_000);

  it('leaves books that add up', async () => {
    await system.untilAllEnded(1);
    await audit(system);
  }, 60_000);
});
