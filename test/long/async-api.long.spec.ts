import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import type { ConsumeMessage } from 'amqplib';
import { eventually } from '@clew/testing';
import { apiDocument, ApiSchemas } from '../support/api-schemas.js';
import { shopApps, tripApps } from '../e2e/support/app-process.js';
import { it } from '../e2e/support/it-with-logs.js';
import { RunningSystem } from '../e2e/support/running-system.js';
import { Shop } from '../e2e/support/shop.js';
import { trip } from '../e2e/support/trip.js';
import { WireSpy } from '../e2e/support/wire-spy.js';

describe('every message that the apps send', () => {
  const document = apiDocument<{ components: { messages: object } }>('asyncapi.json');
  const schemas = new ApiSchemas(document);
  const described = Object.keys(document.components.messages);
  let system: RunningSystem;
  let spy: WireSpy;

  beforeAll(async () => {
    system = await RunningSystem.start({ apps: [...new Set([...tripApps, ...shopApps])] });
    spy = await WireSpy.bindEverything(system);
  }, 90_000);
  afterAll(async () => {
    await spy?.close();
    await system?.stop();
  }, 60_000);

  it('is as the AsyncAPI document says', async () => {
    const gateway = system.gateway();
    const shop = new Shop(system);
    const hotel = { hotelId: 'GRAND-FULL' };
    const bought = shop.placeAndWait({ giftWrap: { message: 'Happy birthday!' } });
    await Promise.all([
      gateway.bookAndWait(trip()),
      gateway.bookAndWait(trip({ hotel })),
      gateway.bookAndWait(trip({ coordination: 'choreography' })),
      gateway.bookAndWait(trip({ hotel, coordination: 'choreography' })),
      shop.placeAndWait({ customerId: 'poor-joe' }),
      bought.then(async (order) =>
        shop.ended(await shop.begin(order.links['exchange']!, { items: [{ sku: 'TEAPOT', quantity: 1 }] })),
      ),
    ]);
    const names = await eventually(() => {
      const seen = new Set(spy.messages.map(nameOf));
      return seen.has('trip-booking.journal') && seen.has('saga.start.done') ? seen : undefined;
    });
    expect(names.size).toBeGreaterThan(25);
    for (const name of names) expect(described).toContain(name);
    const faults = spy.messages.flatMap((message) =>
      faultsOf(message).map((fault) => `${nameOf(message)}: ${fault}`),
    );
    expect([...new Set(faults)]).toEqual([]);
  }, 60_000);

  function faultsOf(message: ConsumeMessage): string[] {
    const { headers, ...properties } = message.properties;
    const set = Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
    const parts = {
      headers,
      'x-amqp-properties': set,
      payload: JSON.parse(message.content.toString()) as unknown,
    };
    return Object.entries(parts).flatMap(([part, value]) =>
      schemas.faultsOf(value, 'components', 'messages', nameOf(message), part),
    );
  }
});

/** As the document names it: a reply by what it replies to and how. */
function nameOf({ properties: { type, headers } }: ConsumeMessage): string {
  const outcome: unknown = headers?.['outcome'];
  return typeof outcome === 'string' ? String(type).replace(/reply$/, outcome) : String(type);
}
