import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { eventually } from '@clew/testing';
import { shopApps } from '../e2e/support/app-process.js';
import { it } from '../e2e/support/it-with-logs.js';
import { RunningSystem } from '../e2e/support/running-system.js';
import { Shop, type ShopSaga } from '../e2e/support/shop.js';
import { auditShop } from '../e2e/support/shop-audit.js';

const MINUTE = 60_000;
const CUSTOMERS = ['ada', 'grace', 'linus'];

describe('a delivery that is down for a minute, its process and all', () => {
  let system: RunningSystem;
  beforeAll(async () => {
    // So impatient that a step which could be given up would be, many times over.
    const orchestrator = {
      CLEW_STEP_TIMEOUT_MS: '500',
      CLEW_STEP_MAX_TIMEOUT_MS: '500',
      CLEW_STEP_ATTEMPTS: '20',
    };
    system = await RunningSystem.start({ apps: shopApps, environment: { orchestrator } });
  }, 90_000);
  afterAll(() => system?.stop(), 60_000);

  it('makes orders wait past their capture, and delivers all of them', async () => {
    const shop = new Shop(system);
    const bought = await shop.placeAndWait({ customerId: 'ada' });
    const delivery = system.app('shop-delivery');
    await delivery.kill9();
    const downAt = Date.now();

    const orders: ShopSaga[] = [];
    for (let n = 0; n < 5; n += 1)
      for (const customerId of CUSTOMERS)
        orders.push(await shop.place({ customerId, items: [{ sku: `BOOK-${n + 1}`, quantity: 1 + n }] }));
    const refused = await shop.place({ customerId: 'frozen-fred' });
    const returned = await shop.begin(`/orders/${bought.id}/return`);

    // The first of each customer has come as far as its delivery; the others wait for the first.
    for (const order of orders.slice(0, CUSTOMERS.length))
      await shop.until(order, ({ steps }) => steps.at(-1)!.status === 'EXECUTING', 'the delivery');
    // Nobody can collect either: the return gives up, and will be undone.
    await shop.until(returned, ({ status }) => status === 'COMPENSATING', 'the turning back', MINUTE);
    await eventually(() => Date.now() - downAt > MINUTE, { within: 2 * MINUTE, every: 1_000 });
    for (const order of orders) expect(await shop.read(order)).toMatchObject({ status: 'RUNNING' });

    delivery.start();
    await delivery.untilReady();
    for (const order of orders)
      expect(await shop.until(order, ({ endedAt }) => endedAt !== null, 'the end', MINUTE)).toMatchObject({
        status: 'COMPLETED',
        failure: null,
      });
    expect(await shop.ended(refused)).toMatchObject({ status: 'COMPENSATED' });
    expect(await shop.ended(returned)).toMatchObject({
      status: 'COMPENSATED',
      failure: { step: 'collection', code: 'STEP_TIMED_OUT' },
    });
    expect(await shop.traces(bought.id)).toEqual(['HELD', 'CAPTURED', 'ARRANGED']);
    await auditShop(system);
  }, 300_000);
});
