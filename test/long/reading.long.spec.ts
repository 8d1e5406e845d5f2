import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { EventSubscriber } from '../e2e/support/event-source.js';
import type { Booking, Page, Transition } from '../e2e/support/gateway.js';
import { it } from '../e2e/support/it-with-logs.js';
import { RunningSystem } from '../e2e/support/running-system.js';
import { trip } from '../e2e/support/trip.js';

describe('bookings that are looked for', () => {
  let system: RunningSystem;
  let booked: Booking[];
  beforeAll(async () => {
    system = await RunningSystem.start();
    booked = [];
    for (let n = 0; n < 12; n++) {
      const traveller = { name: `Traveller ${n}`, email: `Traveller-${n % 3}@example.org` };
      const hotel = n % 4 === 0 ? { hotelId: 'GRAND-FULL' } : {};
      booked.unshift(await system.gateway().bookAndWait(trip({ traveller, hotel })));
    }
  }, 90_000);
  afterAll(() => system?.stop(), 60_000);

  const list = async (query: Record<string, string>) =>
    (await system.gateway().json<Page>(`/bookings?${new URLSearchParams(query).toString()}`)).items.map(
      ({ id }) => id,
    );
  const those = (which: (booking: Booking) => boolean) => booked.filter(which).map(({ id }) => id);

  it('are found by status, failure, e-mail address, text and time', async () => {
    expect(await list({ status: 'COMPENSATED' })).toEqual(those(({ status }) => status === 'COMPENSATED'));
    expect(await list({ failureCode: 'HOTEL_SOLD_OUT' })).toEqual(those(({ failure }) => failure !== null));
    expect(await list({ email: 'TRAVELLER-1@example.org' })).toEqual(
      those(({ trip: { traveller } }) => traveller.email === 'Traveller-1@example.org'),
    );
    expect(await list({ text: 'grand-' })).toEqual(
      those(({ trip: { hotel } }) => hotel.hotelId === 'GRAND-FULL'),
    );
    expect(await list({ text: '%%' })).toEqual([]);
    const { createdAt } = booked[5]!;
    expect(await list({ createdFrom: createdAt })).toEqual(booked.slice(0, 6).map(({ id }) => id));
    expect(await list({ createdBefore: createdAt })).toEqual(booked.slice(6).map(({ id }) => id));
    expect(
      await list({ status: 'COMPENSATED', email: 'traveller-0@example.org', text: 'Traveller 0' }),
    ).toEqual([booked.at(-1)!.id]);
  });

  it('are read page by page, and a cursor is good for its own filter only', async () => {
    const read: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Page = await system
        .gateway()
        .json(`/bookings?status=COMPLETED&limit=2${cursor && `&cursor=${cursor}`}`);
      read.push(...page.items.map(({ id }) => id));
      if (cursor === '') {
        for (const other of ['', 'status=COMPENSATED', 'status=COMPLETED&text=a1', 'email=a@example.org']) {
          const response = await system.gateway().get(`/bookings?${other}&cursor=${page.nextCursor}`);
          expect(response.status).toBe(400);
        }
      }
      cursor = page.nextCursor;
    }
    expect(read).toEqual(those(({ status }) => status === 'COMPLETED'));
  });

  const wrong = [
    'createdFrom=2027-05-01',
    'createdFrom=yesterday',
    'createdBefore=2027-05-01T00:00:00',
    'email=nobody',
    'failureCode=hotel%25',
    'text=a',
    'status=ended',
    'limit=101',
    'unknown=1',
  ];
  for (const query of wrong)
    it(`are refused by ${query}`, async () => {
      expect((await system.gateway().get(`/bookings?${query}`)).status).toBe(400);
    });
});

describe('the events of a booking', () => {
  let system: RunningSystem;
  beforeAll(async () => {
    system = await RunningSystem.start();
  }, 90_000);
  afterAll(() => system?.stop(), 60_000);

  const historyOf = async (id: string) =>
    (await system.gateway().json<{ items: Transition[] }>(`/bookings/${id}/history`)).items;
  const subscribe = (id: string) => new EventSubscriber(`${system.gateway().url}/bookings/${id}/events`);

  it('are its history as it happens, and end with it', async () => {
    const { id } = await system.gateway().book(trip());
    const subscriber = subscribe(id);
    expect(JSON.parse(await subscriber.untilEnd(20_000))).toEqual({ status: 'COMPLETED' });
    const history = await historyOf(id);
    const sent = subscriber.events.filter(({ event }) => event === 'transition');
    expect(sent.map(({ data }) => JSON.parse(data) as unknown)).toEqual(history);
    expect(subscriber.ids).toEqual(history.map(({ sequence }) => sequence));
    expect(subscriber.connections).toBe(1);
  });

  it('go on behind the one that was seen last', async () => {
    const { id } = await system.gateway().bookAndWait(trip());
    const history = await historyOf(id);
    const path = `/bookings/${id}/events`;
    const resumed = await system.gateway().get(path, { 'last-event-id': '3' });
    expect((await resumed.text()).match(/^id: \d+$/gm)).toEqual(
      history.slice(3).map(({ sequence }) => `id: ${sequence}`),
    );
    expect((await system.gateway().get(path, { 'last-event-id': String(history.length) })).status).toBe(204);
    expect((await system.gateway().get(path, { 'last-event-id': 'x' })).status).toBe(400);
    expect((await system.gateway().get('/bookings/unknown/events')).status).toBe(404);
  });

  it('do not keep the gateway from stopping', async () => {
    await system.app('hotels').kill9();
    const { id } = await system
      .gateway()
      .book(trip({ hotel: { hotelId: 'HOTEL-9' }, car: { location: 'AMS' } }));
    const subscriber = subscribe(id);
    const ended = subscriber.untilEnd(60_000);
    while (subscriber.connections < 1) await new Promise((resolve) => setTimeout(resolve, 20));
    await system.app('orchestrator').stop();
    system.app('orchestrator').start();
    system.app('hotels').start();
    expect(await ended).toBe('{"status":"COMPLETED"}');
  }, 60_000);
});
