import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { Callers, keysOf, type Call } from './support/callers.js';
import type { Booking, Page, Transition } from './support/gateway.js';
import { it } from './support/it-with-logs.js';
import { RunningSystem } from './support/running-system.js';
import { orderRequest, type ShopSaga } from './support/shop.js';
import { trip } from './support/trip.js';

/** An id that nothing has. */
const NOBODYS_ID = '0192f0c1-2b3c-7d4e-8f90-123456789abc';

/** The first of the OWASP API Security Top 10: broken authorisation of objects. */
describe("what is somebody else's", () => {
  let system: RunningSystem;
  let callers: Callers;
  beforeAll(async () => {
    system = await RunningSystem.start({ environment: { orchestrator: keysOf(['ada', 'eve'], ['ops']) } });
    callers = new Callers(system.gateway().url);
  }, 90_000);
  afterAll(() => system?.stop(), 60_000);

  const call = (path: string, request: Call) => callers.call(path, request);
  const json = async <Body>(path: string, as: string) => (await (await call(path, { as })).json()) as Body;
  const place = async () => {
    const placed = await call('/orders', { as: 'ada', method: 'POST', body: orderRequest() });
    expect(placed.status).toBe(202);
    return (await placed.json()) as ShopSaga;
  };

  it('is not there, in the words of what never was', async () => {
    const booking = await callers.book('ada');
    const order = await place();
    const calls: [method: string, path: string][] = [
      ['GET', `/bookings/${booking.id}`],
      ['GET', `/bookings/${booking.id.toUpperCase()}`],
      ['GET', `/bookings/${booking.id}/history`],
      ['GET', `/bookings/${booking.id}/events`],
      ['POST', `/bookings/${booking.id}/cancel`],
      ['GET', `/orders/${order.id}`],
      ['GET', `/orders/${order.id}/history`],
      ['GET', `/orders/${order.id}/events`],
      ['POST', `/orders/${order.id}/cancel`],
      ['POST', `/orders/${order.id}/return`],
      // By the address of another kind it isn't there either, for nobody.
      ['GET', `/orders/${booking.id}`],
      ['GET', `/returns/${order.id}`],
    ];
    for (const [method, path] of calls) {
      const answer = await call(path, { as: 'eve', method });
      expect([method, path, answer.status]).toEqual([method, path, 404]);
      const id = path.split('/')[2]!;
      const never = await call(path.replace(id, NOBODYS_ID), { as: 'eve', method });
      expect((await answer.text()).replace(id, NOBODYS_ID)).toBe(await never.text());
    }
    const exchange = { as: 'eve', method: 'POST', body: { items: [{ sku: 'TEAPOT', quantity: 1 }] } };
    expect((await call(`/orders/${order.id}/exchange`, exchange)).status).toBe(404);
    expect((await call(`/orders/${order.id}/exchange`, { ...exchange, as: 'ada' })).status).toBe(409);
  });

  it('is in no list of others, whatever is asked for', async () => {
    const { id } = await callers.book('ada', trip({ traveller: { email: 'grace@example.org' } }));
    await place();
    for (const query of ['', '?email=grace@example.org', '?text=grace', '?status=COMPLETED', '?limit=100'])
      expect([query, await json<Page>(`/bookings${query}`, 'eve')]).toEqual([
        query,
        { items: [], nextCursor: null },
      ]);
    expect(await json<Page>('/orders', 'eve')).toEqual({ items: [], nextCursor: null });
    const own = await json<Page>('/bookings?email=grace@example.org', 'ada');
    expect(own.items.map((booking) => booking.id)).toEqual([id]);
    await callers.book('ada');
    const { nextCursor } = await json<Page>('/bookings?limit=1', 'ada');
    expect((await call(`/bookings?limit=1&cursor=${nextCursor}`, { as: 'eve' })).status).toBe(400);
  });

  it('is not what an Idempotency-Key finds that another has used', async () => {
    const headers = { 'idempotency-key': 'the-same' };
    const begin = async (as: string) => {
      const answer = await call('/bookings', { as, method: 'POST', body: trip(), headers });
      expect(answer.status).toBe(202);
      return ((await answer.json()) as Booking).id;
    };
    const ids = [await begin('ada'), await begin('eve'), await begin('ada')];
    expect(ids[0]).toBe(ids[2]);
    expect(ids[0]).not.toBe(ids[1]);
  });

  it('is seen by its owner and by operators, who may see to it, and the history says who did', async () => {
    const hotels = system.app('hotels');
    hotels.suspend();
    const { id } = await callers.book('ada');
    for (const as of ['ada', 'ops']) {
      expect((await json<Booking>(`/bookings/${id}`, as)).id).toBe(id);
      expect((await json<Page>('/bookings?limit=1', as)).items[0]!.id).toBe(id);
    }
    expect((await call(`/bookings/${id}/cancel`, { as: 'ada', method: 'POST' })).status).toBe(202);
    hotels.resume();
    const { items } = await json<{ items: Transition[] }>(`/bookings/${id}/history`, 'ops');
    expect(items.map(({ cause }) => cause)).toContainEqual(expect.objectContaining({ actor: 'ada' }));
  });
});
