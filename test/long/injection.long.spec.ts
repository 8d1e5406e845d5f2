import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { tripApps } from '../e2e/support/app-process.js';
import { Callers, keysOf } from '../e2e/support/callers.js';
import type { Booking } from '../e2e/support/gateway.js';
import { injections } from '../e2e/support/injections.js';
import { it } from '../e2e/support/it-with-logs.js';
import { RunningSystem } from '../e2e/support/running-system.js';
import { orderRequest } from '../e2e/support/shop.js';
import { trip } from '../e2e/support/trip.js';

describe('a text that would do harm if it were taken for something else', () => {
  let system: RunningSystem;
  let callers: Callers;
  beforeAll(async () => {
    const orchestrator = keysOf(['ada'], ['ops']);
    system = await RunningSystem.start({ environment: { orchestrator } });
    callers = new Callers(system.gateway().url);
  }, 90_000);
  afterAll(() => system?.stop(), 60_000);

  const call: Callers['call'] = (path, request) => callers.call(path, request);

  it('is text wherever it goes, and comes back as it was', async () => {
    const tables = () =>
      Promise.all(
        tripApps.map((app) =>
          system.databases.rows(
            app,
            `SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`,
          ),
        ),
      );
    const before = await tables();
    for (const text of injections) {
      const isLine = !/[\u0000-\u001f]/.test(text) && text.isWellFormed(); // eslint-disable-line no-control-regex
      const named = await call('/bookings', {
        as: 'ada',
        method: 'POST',
        body: trip({ traveller: { name: text } }),
      });
      expect([text, named.status]).toEqual([text, isLine ? 202 : 400]);
      const placed = await call('/orders', {
        as: 'ada',
        method: 'POST',
        body: orderRequest({ address: text }),
      });
      expect([text, placed.status]).toEqual([text, isLine ? 202 : 400]);
      const codes = [
        trip({ traveller: { email: text } }),
        trip({ flight: { flightNumber: text } }),
        trip({ hotel: { hotelId: text } }),
        trip({ car: { location: text } }),
      ];
      for (const body of codes)
        expect((await call('/bookings', { as: 'ada', method: 'POST', body })).status).toBe(400);
      const inUrl = encodeURIComponent(text.toWellFormed());
      expect((await call(`/bookings/${inUrl}`, { as: 'ada' })).status).toBe(404);
      for (const parameter of ['status', 'limit', 'cursor'])
        expect((await call(`/bookings?${parameter}=${inUrl}`, { as: 'ops' })).status).toBe(400);
      if (!isLine) continue;
      const { id } = (await named.json()) as Booking;
      const cancelled = await call(`/bookings/${id}/cancel`, {
        as: 'ops',
        method: 'POST',
        body: { reason: text },
      });
      expect([202, 409]).toContain(cancelled.status);
      const stored = await call(`/bookings/${id}`, { as: 'ops' });
      expect(stored.headers.get('content-type')).toMatch(/^application\/json/);
      expect(((await stored.json()) as Booking).trip.traveller.name).toBe(text);
    }
    expect(await tables()).toEqual(before);
    expect(await system.databases.count('orchestrator', 'saga_instance')).toBeGreaterThan(injections.length);
  }, 30_000);
});
