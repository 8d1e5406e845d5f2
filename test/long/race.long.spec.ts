import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { audit } from '../e2e/support/audit.js';
import { it } from '../e2e/support/it-with-logs.js';
import { availabilityFor } from '../e2e/support/participants.js';
import { RunningSystem } from '../e2e/support/running-system.js';
import { trip, tripsOnOneFlight } from '../e2e/support/trip.js';

const layouts = [
  { layout: 'one process of each app', instances: {} },
  { layout: 'two gateways and two flights', instances: { orchestrator: 2, flights: 2 } },
] as const;

for (const { layout, instances } of layouts) {
  const gateways = 'orchestrator' in instances ? instances.orchestrator : 1;

  describe(`many bookings at once, with ${layout}`, () => {
    let system: RunningSystem;
    beforeAll(async () => {
      system = await RunningSystem.start({ instances });
    }, 90_000);
    afterAll(() => system?.stop(), 60_000);

    it('sells the last 100 seats to exactly 100 of 200 bookings', async () => {
      const group = await system.gateway().bookAndWait(trip({ flight: { seats: 80 } }));
      expect(group.status).toBe('COMPLETED');

      const begun = await Promise.all(
        tripsOnOneFlight(200).map((request, n) => system.gateway(n % gateways).book(request)),
      );
      await system.untilAllEnded(201);

      const { completed, compensated } = await audit(system, { accepted: begun.map(({ id }) => id) });
      expect([completed.length, compensated.length]).toEqual([1 + 100, 100]);
      expect(new Set(compensated.map(({ failure }) => failure?.code))).toEqual(new Set(['FLIGHT_SOLD_OUT']));
      const { flights } = await availabilityFor(system, trip());
      expect(flights).toEqual({ capacity: 180, reserved: 180, available: 0 });
    }, 60_000);

    it('gives back flight and car to the 60 of 100 bookings that find no room', async () => {
      const flight = { flightNumber: 'CL101' };
      const hotel = { hotelId: 'HOTEL-7', checkIn: '2027-06-01', checkOut: '2027-06-03' };
      const requests = tripsOnOneFlight(100, { flight, hotel });
      const begun = await Promise.all(
        requests.map((request, n) => system.gateway(n % gateways).book(request)),
      );
      await system.untilAllEnded(301);

      const ids = new Set(begun.map(({ id }) => id));
      const { completed, compensated } = await audit(system, { accepted: [...ids] });
      const isOurs = ({ id }: { id: string }) => ids.has(id);
      expect([completed.filter(isOurs).length, compensated.filter(isOurs).length]).toEqual([40, 60]);
      const { flights, hotels } = await availabilityFor(system, trip({ flight, hotel }));
      expect([flights.reserved, hotels.reserved]).toEqual([40, 40]);
    }, 60_000);
  });
}
