import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { eventually } from '@clew/testing';
import { audit } from '../e2e/support/audit.js';
import type { Booking } from '../e2e/support/gateway.js';
import { it } from '../e2e/support/it-with-logs.js';
import { RunningSystem } from '../e2e/support/running-system.js';
import { trip } from '../e2e/support/trip.js';

const full = { hotel: { hotelId: 'GRAND-FULL' } };

describe('a booking that is asked for', () => {
  let system: RunningSystem;
  beforeAll(async () => {
    system = await RunningSystem.start({
      instances: { orchestrator: 2 },
      environment: { orchestrator: { CLEW_OUTBOX_LEASE_MS: '2000' } },
    });
  }, 90_000);
  afterAll(() => system?.stop(), 60_000);

  const count = () => system.databases.count('orchestrator', 'saga_instance');
  const answerOf = async (response: Response) => ({
    status: response.status,
    location: response.headers.get('location'),
    etag: response.headers.get('etag'),
    body: await response.text(),
  });

  it('a hundred times at once by the same key begins once, and all get the same answer', async () => {
    const [before, key] = [await count(), randomUUID()];
    const answers = await Promise.all(
      Array.from({ length: 100 }, async (_, n) =>
        answerOf(await system.gateway(n % 2).post(trip(), { 'idempotency-key': key })),
      ),
    );
    expect(answers[0]!.status).toBe(202);
    expect([...new Set(answers.map((answer) => JSON.stringify(answer)))]).toEqual([
      JSON.stringify(answers[0]),
    ]);
    expect(await count()).toBe(before + 1);
    const { id } = JSON.parse(answers[0]!.body) as Booking;
    await system.gateway().untilEnded(id);
    const late = await answerOf(await system.gateway().post(trip(), { 'idempotency-key': `"${key}"` }));
    expect(late).toEqual(answers[0]);
  });

  it('by a key that was sent with another request is refused', async () => {
    const key = randomUUID();
    expect((await system.gateway().post(trip(), { 'idempotency-key': key })).status).toBe(202);
    const before = await count();
    const others = [trip(full), trip({ coordination: 'choreography' })];
    for (const other of others) {
      const response = await system.gateway().post(other, { 'idempotency-key': key });
      expect(response.status).toBe(422);
      expect(await response.json()).toMatchObject({ type: 'urn:clew:problem:unprocessable-content' });
    }
    expect(await count()).toBe(before);
    const { traveller, flight, hotel, car } = trip();
    const reordered = await system
      .gateway()
      .post({ car, hotel, flight, traveller }, { 'idempotency-key': key });
    expect(reordered.status).toBe(202);
  });

  for (const key of ['ä', 'a b', 'x'.repeat(201), '"open', '""'])
    it(`by the key ${key.slice(0, 9)} is refused`, async () => {
      const encoded = Buffer.from(key, 'utf8').toString('latin1');
      const response = await system.gateway().post(trip(), { 'idempotency-key': encoded });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ errors: [{ field: 'Idempotency-Key' }] });
    });

  it('and waited for is answered 201 once it has ended', async () => {
    const response = await system.gateway().post(trip(), { prefer: 'respond-async, wait=20' });
    expect(response.status).toBe(201);
    expect(response.headers.get('preference-applied')).toBe('wait=20');
    const booking = (await response.json()) as Booking;
    expect(booking.status).toBe('COMPLETED');
    expect(response.headers.get('location')).toBe(booking.links['self']);
    expect(await system.gateway().booking(booking.id)).toEqual(booking);
    const refused = await system
      .gateway()
      .post(trip({ ...full, coordination: 'choreography' }), { prefer: 'wait=99' });
    expect(refused.headers.get('preference-applied')).toBe('wait=30');
    expect(await refused.json()).toMatchObject({
      status: 'COMPENSATED',
      failure: { code: 'HOTEL_SOLD_OUT' },
    });
  });

  it('and waited for too short a time is answered 202 as it stands, and so is whoever asks again', async () => {
    const hotels = system.app('hotels');
    await hotels.kill9();
    const headers = { prefer: 'wait=1', 'idempotency-key': randomUUID() };
    const before = await count();
    const first = system.gateway().post(trip(), headers);
    await eventually(async () => (await count()) === before + 1);
    const again = system.gateway(1).post(trip(), { ...headers, prefer: 'wait=20' });
    const [one, other] = await Promise.all([first, again].map(async (asked) => answerOf(await asked)));
    expect(one!.status).toBe(202);
    expect(other).toEqual(one);
    const { id, status } = JSON.parse(one!.body) as Booking;
    expect(status).toBe('RUNNING');
    hotels.start();
    await system.gateway().untilEnded(id);
    expect(await answerOf(await system.gateway().post(trip(), headers))).toEqual(one);
  }, 60_000);

  it('and waited for by a key is answered the same when the gateway dies meanwhile', async () => {
    const hotels = system.app('hotels');
    await hotels.kill9();
    const headers = { prefer: 'wait=20', 'idempotency-key': randomUUID() };
    const before = await count();
    const lost = system
      .gateway()
      .post(trip(), headers)
      .catch(() => 'lost');
    await eventually(async () => (await count()) === before + 1);
    await system.app('orchestrator').kill9();
    expect(await lost).toBe('lost');
    system.app('orchestrator').start();
    hotels.start();
    const answers = await Promise.all(
      [1, 1, 1].map(async (n) => answerOf(await system.gateway(n).post(trip(), headers))),
    );
    expect(answers[0]!.status).toBe(201);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await count()).toBe(before + 1);
    await system.app('orchestrator').untilReady();
  }, 60_000);

  it('leaves books that add up', async () => {
    await system.untilAllEnded(1);
    await audit(system);
  }, 60_000);
});
