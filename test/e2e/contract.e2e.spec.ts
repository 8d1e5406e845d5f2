import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { ApiOperations } from './support/api-operations.js';
import { participantNames, tripApps } from './support/app-process.js';
import type { Booking } from './support/gateway.js';
import { it } from './support/it-with-logs.js';
import { RunningSystem } from './support/running-system.js';
import { trip } from './support/trip.js';

/**
 * What is promised to those outside, where no other spec has it. The others: trip (the booking, lists, history, ETag),
 * starting (Idempotency-Key, Prefer), reading (filters, events), operations (cancel, retry, skip, mark-done, compensate),
 * dead-letters, owasp (keys, limits), bad-input (problems, /docs), api-document (/docs-json and all that is in it), and
 * scripts/start/launch.long.spec.ts (the one command that starts everything).
 */
describe('the contract', () => {
  let system: RunningSystem;
  // No operator key is set.
  beforeAll(async () => {
    system = await RunningSystem.start();
  }, 90_000);
  afterAll(() => system?.stop(), 60_000);

  it('POST /bookings: 202 says where the booking is, and when to look', async () => {
    const response = await system.gateway().post(trip());
    const booking = (await response.json()) as Booking;
    expect(response.status).toBe(202);
    expect(response.headers.get('location')).toBe(`/bookings/${booking.id}`);
    expect(response.headers.get('etag')).toMatch(/^".+"$/);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(booking).toMatchObject({ status: 'RUNNING', endedAt: null, trip: trip() });
    await system.gateway().untilEnded(booking.id);
  });

  it('/operations: closed when no key is set, whatever key is shown', async () => {
    const closed = new ApiOperations().all.filter(({ isForOperators }) => isForOperators);
    expect(closed.length).toBeGreaterThan(6);
    for (const { method, path } of closed)
      for (const authorization of ['Bearer ', 'Bearer undefined', 'Bearer operator'])
        expect([
          path,
          (await fetch(`${system.gateway().url}${path}`, { method, headers: { authorization } })).status,
        ]).toEqual([path, 401]);
  });

  it('/health/live and /health/ready: on every app', async () => {
    for (const app of tripApps)
      for (const path of ['/health/live', '/health/ready']) {
        const response = await system.ask(app, path);
        expect([app, response.status]).toEqual([app, 200]);
        expect(await response.json()).toMatchObject({ status: 'ok' });
      }
  });

  const availability = {
    flights: '?flightNumber=CL149&date=2028-01-01',
    hotels: '?hotelId=HOTEL-50&checkIn=2028-01-01&checkOut=2028-01-03',
    cars: '?location=YYZ&carClass=van&pickUp=2028-01-01&dropOff=2028-01-03',
  };
  const ordinary = { flights: 180, hotels: 40, cars: 60 };
  for (const participant of participantNames) {
    it(`${participant} GET /availability and /reservations/{bookingId}: anyone can audit from outside`, async () => {
      const { id } = await system.gateway().bookAndWait(
        trip({
          flight: { flightNumber: 'CL149', date: '2028-01-02' },
          hotel: { hotelId: 'HOTEL-50', checkIn: '2028-01-04', checkOut: '2028-01-05' },
          car: { location: 'YYZ', carClass: 'van', pickUp: '2028-01-04', dropOff: '2028-01-04' },
        }),
      );
      const untouched = await system.ask(participant, `/availability${availability[participant]}`);
      const capacity = ordinary[participant];
      expect(await untouched.json()).toEqual({ capacity, reserved: 0, available: capacity });
      const reservation = await system.ask(participant, `/reservations/${id}`);
      expect(await reservation.json()).toMatchObject({ bookingId: id, status: 'RESERVED' });
    });
  }
});
