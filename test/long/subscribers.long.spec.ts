import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { EventSubscriber } from '../e2e/support/event-source.js';
import type { Transition } from '../e2e/support/gateway.js';
import { it } from '../e2e/support/it-with-logs.js';
import { RunningSystem } from '../e2e/support/running-system.js';
import { trip } from '../e2e/support/trip.js';

describe('the events of a hundred bookings', () => {
  let system: RunningSystem;
  beforeAll(async () => {
    system = await RunningSystem.start();
  }, 90_000);
  afterAll(() => system?.stop(), 60_000);

  const historyOf = async (id: string) =>
    (await system.gateway().json<{ items: Transition[] }>(`/bookings/${id}/history`)).items;
  const subscribe = (id: string) => new EventSubscriber(`${system.gateway().url}/bookings/${id}/events`);

  it('come to a thousand subscribers exactly once and in order, though the gateway is killed', async () => {
    await system.app('hotels').kill9();
    const bookings = await Promise.all(
      Array.from({ length: 100 }, (_, n) => {
        const car = { carClass: ['compact', 'estate', 'van'][n % 3]! };
        const coordination = n % 2 ? 'choreography' : 'orchestration';
        return system.gateway().book(trip({ car, coordination, hotel: { hotelId: `HOTEL-${1 + (n % 5)}` } }));
      }),
    );
    const subscribers = bookings.flatMap(({ id }) =>
      Array.from({ length: 10 }, () => ({ id, subscriber: subscribe(id) })),
    );
    const ends = subscribers.map(({ subscriber }) => subscriber.untilEnd(90_000));
    const connected = async (times: number) => {
      while (
        subscribers.some(({ subscriber }) => subscriber.connections < times || subscriber.ids.length < 2)
      )
        await new Promise((resolve) => setTimeout(resolve, 50));
    };
    await connected(1);
    await system.app('orchestrator').kill9();
    system.app('orchestrator').start();
    await system.app('orchestrator').untilReady();
    await connected(2);
    system.app('hotels').start();
    expect(new Set(await Promise.all(ends))).toEqual(new Set(['{"status":"COMPLETED"}']));
    for (const { id } of bookings) {
      const ids = (await historyOf(id)).map(({ sequence }) => sequence);
      for (const { subscriber } of subscribers.filter((one) => one.id === id))
        expect(subscriber.ids).toEqual(ids);
    }
  }, 120_000);
});
