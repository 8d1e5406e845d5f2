import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { shopApps } from '../e2e/support/app-process.js';
import { it } from '../e2e/support/it-with-logs.js';
import { RunningSystem } from '../e2e/support/running-system.js';
import { orderRequest, Shop, type ShopSaga } from '../e2e/support/shop.js';
import { auditShop } from '../e2e/support/shop-audit.js';

const PRICE = 2_490;
const book = [{ sku: 'BOOK-1', quantity: 3 }];

const stepsOf = ({ steps }: ShopSaga) => steps.map(({ name, status }) => `${name} ${status}`);
const statusOf = ({ steps }: ShopSaga, step: string) => steps.find(({ name }) => name === step)?.status;

describe('the shop', () => {
  let system: RunningSystem;
  let shop: Shop;
  beforeAll(async () => {
    system = await RunningSystem.start({ apps: shopApps });
    shop = new Shop(system);
  }, 90_000);
  afterAll(() => system?.stop(), 60_000);

  it('delivers what was ordered, and takes what stock says it costs', async () => {
    const placed = await shop.place();
    expect(placed).toMatchObject({ saga: 'order', status: 'RUNNING', order: orderRequest() });
    const done = await shop.ended(placed);
    expect(done.status).toBe('COMPLETED');
    expect(stepsOf(done)).toEqual([
      'stock SUCCEEDED',
      'gift-wrap SKIPPED',
      'payment SUCCEEDED',
      'capture SUCCEEDED',
      'delivery SUCCEEDED',
    ]);
    expect(await shop.traces(done.id)).toEqual(['HELD', 'CAPTURED', 'ARRANGED']);
    expect(await shop.told('shop-payments', `/payments/${done.id}`)).toMatchObject({
      amountCents: 2 * PRICE,
    });
    expect(await shop.told('shop-stock', `/holds/${done.id}`)).toMatchObject({ giftWrap: null });
  });

  it('wraps what is a gift', async () => {
    const done = await shop.placeAndWait({ giftWrap: { message: 'Happy birthday!' } });
    expect(done.status).toBe('COMPLETED');
    expect(statusOf(done, 'gift-wrap')).toBe('SUCCEEDED');
    expect(await shop.told('shop-stock', `/holds/${done.id}`)).toMatchObject({
      giftWrap: { status: 'WRAPPED', message: 'Happy birthday!' },
    });
  });

  it('refuses what is out of stock, and leaves the rest of the order on the shelf', async () => {
    const before = await shop.reserved('BOOK-1');
    const refused = await shop.placeAndWait({ items: [...book, { sku: 'UNICORN', quantity: 1 }] });
    expect(refused).toMatchObject({
      status: 'COMPENSATED',
      failure: { step: 'stock', code: 'OUT_OF_STOCK' },
    });
    expect(await shop.reserved('BOOK-1')).toBe(before);
    expect(await shop.traces(refused.id)).toEqual([404, 404, 404]);
  });

  it('releases the goods of a customer whose card is declined', async () => {
    const before = await shop.reserved('TEAPOT');
    const declined = await shop.placeAndWait({ customerId: 'poor-joe' });
    expect(declined).toMatchObject({
      status: 'COMPENSATED',
      failure: { step: 'payment', code: 'CARD_DECLINED' },
    });
    expect(await shop.traces(declined.id)).toEqual(['RELEASED', 404, 404]);
    expect(await shop.reserved('TEAPOT')).toBe(before);
  });

  it('undoes everything when the capture is refused', async () => {
    const refused = await shop.placeAndWait({ customerId: 'frozen-fred', giftWrap: { message: 'x' } });
    expect(refused).toMatchObject({
      status: 'COMPENSATED',
      failure: { step: 'capture', code: 'CAPTURE_REFUSED' },
    });
    expect(stepsOf(refused)).toEqual([
      'stock COMPENSATED',
      'gift-wrap COMPENSATED',
      'payment COMPENSATED',
      'capture REJECTED',
      'delivery PENDING',
    ]);
    expect(await shop.traces(refused.id)).toEqual(['RELEASED', 'VOIDED', 404]);
    expect(await shop.owed('frozen-fred')).toEqual([0, 0]);
  });

  it('waits for the carrier past the capture, one order of a customer after the other, and delivers at last', async () => {
    await shop.carrier(false);
    const first = await shop.place({ customerId: 'grace' });
    const waiting = await shop.until(
      first,
      (saga) => statusOf(saga, 'delivery') === 'EXECUTING',
      'the delivery',
    );
    expect(waiting.status).toBe('RUNNING');
    expect(await shop.owed('grace')).toEqual([0, 2 * PRICE]);

    const second = await shop.place({ customerId: 'grace' });
    const third = await shop.place({ customerId: 'grace' });
    const other = await shop.place({ customerId: 'linus' });
    await shop.until(other, (saga) => statusOf(saga, 'delivery') === 'EXECUTING', 'the delivery');
    for (const queued of [second, third])
      expect(new Set((await shop.read(queued)).steps.map(({ status }) => status))).toEqual(
        new Set(['PENDING']),
      );

    // In time, and too late.
    expect((await shop.post(`/orders/${third.id}/cancel`, { reason: 'Changed my mind' })).status).toBe(202);
    expect(await shop.ended(third)).toMatchObject({
      status: 'COMPENSATED',
      failure: { code: 'CANCELLED' },
    });
    const tooLate = await shop.post(`/orders/${first.id}/cancel`);
    expect(tooLate.status).toBe(409);
    expect(await tooLate.json()).toMatchObject({ type: 'urn:clew:problem:conflict' });
    for (const follow of ['return', 'exchange'])
      expect((await shop.post(`/orders/${first.id}/${follow}`, { items: book })).status).toBe(409);

    await shop.carrier(true);
    const [one, two] = [await shop.ended(first), await shop.ended(second)];
    expect([one.status, two.status, (await shop.ended(other)).status]).toEqual(Array(3).fill('COMPLETED'));
    expect(two.steps[0]!.startedAt! >= one.endedAt!).toBe(true);
    expect((await shop.history(one)).some(({ type }) => /Compensat|Rejected|Doubt/.test(type))).toBe(false);
    expect(await shop.traces(third.id)).toEqual([404, 404, 404]);
    expect(await shop.owed('grace')).toEqual([0, 4 * PRICE]);
  }, 60_000);

  it('gives back what a step under way may have done when an order is cancelled', async () => {
    const payments = system.app('shop-payments');
    await payments.stop();
    const placed = await shop.place({ customerId: 'linus' });
    await shop.until(placed, (saga) => statusOf(saga, 'payment') === 'EXECUTING', 'the payment');
    expect((await shop.post(`/orders/${placed.id}/cancel`)).status).toBe(202);
    payments.start();
    await payments.untilReady();
    expect(await shop.ended(placed)).toMatchObject({
      status: 'COMPENSATED',
      failure: { code: 'CANCELLED' },
    });
    expect((await shop.traces(placed.id))[0]).toBe('RELEASED');
    expect((await shop.owed('linus'))[0]).toBe(0);
  }, 60_000);

  it('takes an order back: fetches, refunds and restocks it, once', async () => {
    const bought = await shop.placeAndWait();
    const [, owed] = await shop.owed('ada');
    const reserved = await shop.reserved('TEAPOT');
    const begun = await shop.begin(`/orders/${bought.id}/return`);
    expect(begun).toMatchObject({ saga: 'order-return', status: 'RUNNING', orderId: bought.id });
    const returned = await shop.ended(begun);
    expect(stepsOf(returned)).toEqual(['collection SUCCEEDED', 'refund SUCCEEDED', 'restock SUCCEEDED']);
    expect(await shop.traces(bought.id)).toEqual(['RETURNED', 'REFUNDED', 'ARRANGED']);
    expect(await shop.owed('ada')).toEqual([0, owed! - 2 * PRICE]);
    expect(await shop.reserved('TEAPOT')).toBe(reserved - 2);

    const again = await shop.ended(await shop.begin(`/orders/${bought.id}/return`));
    expect(again).toMatchObject({
      status: 'COMPENSATED',
      failure: { step: 'refund', code: 'NOTHING_TO_REFUND' },
    });
    expect(await shop.told('shop-delivery', `/deliveries/${bought.id}`)).toMatchObject({
      collections: [
        { returnId: returned.id, status: 'BOOKED' },
        { returnId: again.id, status: 'CANCELLED' },
      ],
    });
    expect(await shop.owed('ada')).toEqual([0, owed! - 2 * PRICE]);
  });

  it('exchanges an order: the return is a saga of its own', async () => {
    const bought = await shop.placeAndWait();
    const begun = await shop.begin(`/orders/${bought.id}/exchange`, { items: book });
    expect(begun).toMatchObject({ saga: 'order-exchange', orderId: bought.id, items: book });
    const exchanged = await shop.ended(begun);
    expect(stepsOf(exchanged)).toEqual(['replacement SUCCEEDED', 'return SUCCEEDED', 'delivery SUCCEEDED']);
    expect(exchanged.steps[1]!.result).toMatchObject({
      results: { refund: { amountCents: 2 * PRICE }, restock: { pieces: 2 } },
    });
    expect(await shop.traces(bought.id)).toEqual(['RETURNED', 'REFUNDED', 'ARRANGED']);
    expect(await shop.traces(exchanged.id)).toEqual(['HELD', 404, 'ARRANGED']);
  });

  it('gives the replacement back when there is nothing to return any more', async () => {
    const bought = await shop.placeAndWait();
    await shop.ended(await shop.begin(`/orders/${bought.id}/return`));
    const before = await shop.reserved('BOOK-1');
    const refused = await shop.ended(await shop.begin(`/orders/${bought.id}/exchange`, { items: book }));
    expect(refused).toMatchObject({
      status: 'COMPENSATED',
      failure: { step: 'return', code: 'NOTHING_TO_REFUND' },
    });
    expect(await shop.reserved('BOOK-1')).toBe(before);
    expect(await shop.traces(refused.id)).toEqual(['RELEASED', 404, 404]);
  });

  it('lists orders, and nothing but orders, page by page and by status', async () => {
    const ids: string[] = [];
    let cursor = '';
    do {
      const page = (await (await shop.get(`/orders?limit=5${cursor}`)).json()) as {
        items: ShopSaga[];
        nextCursor: string | null;
      };
      ids.push(...page.items.map(({ id }) => id));
      expect(new Set(page.items.map(({ saga }) => saga))).toEqual(new Set(['order']));
      cursor = page.nextCursor ? `&cursor=${page.nextCursor}` : '';
    } while (cursor);
    expect(ids).toEqual([...ids].sort().reverse());
    const rows = await system.databases.rows(
      'orchestrator',
      `SELECT id FROM saga_instance WHERE name = 'order'`,
    );
    expect(ids).toHaveLength(rows.length);
    const { items } = (await (await shop.get('/orders?status=COMPENSATED&limit=100')).json()) as {
      items: ShopSaga[];
    };
    expect(items.length).toBeGreaterThan(3);
    for (const { status } of items) expect(status).toBe('COMPENSATED');

    const known = await shop.get(`/orders/${ids[0]}`);
    const etag = known.headers.get('etag')!;
    expect((await shop.get(`/orders/${ids[0]}`, { 'if-none-match': etag })).status).toBe(304);
  });

  const unknown = '0192f0c1-2b3c-7d4e-8f90-123456789abc';
  const bad: [what: string, call: () => Promise<Response>, status: number, field?: string][] = [
    ['no items', () => shop.post('/orders', orderRequest({ items: [] })), 400, 'items'],
    ['an item in an array', () => shop.post('/orders', { ...orderRequest(), items: [book] }), 400, 'items'],
    ['a price', () => shop.post('/orders', { ...orderRequest(), totalCents: 1 }), 400, 'totalCents'],
    ['no wish for wrapping', () => shop.post('/orders', { ...orderRequest(), giftWrap: null }), 400],
    ['half a body', () => shop.post('/orders', '{"customerId":'), 400],
    ['an unknown status', () => shop.get('/orders?status=DONE'), 400, 'status'],
    ['a foreign cursor', () => shop.get('/orders?cursor=nonsense'), 400, 'cursor'],
    ['an unknown order', () => shop.get(`/orders/${unknown}`), 404],
    ['no id', () => shop.get('/orders/1/history'), 404],
    ['an unknown order to cancel', () => shop.post(`/orders/${unknown}/cancel`), 404],
    ['an unknown order to return', () => shop.post(`/orders/${unknown}/return`), 404],
    ['an unknown return', () => shop.get(`/returns/${unknown}`), 404],
    ['an unknown exchange', () => shop.get(`/exchanges/${unknown}/history`), 404],
    ['no replacement', () => shop.post(`/orders/${unknown}/exchange`, {}), 400, 'items'],
  ];
  for (const [what, call, status, field] of bad) {
    it(`answers ${what} with ${status}`, async () => {
      const response = await call();
      expect(response.status).toBe(status);
      expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      const { errors = [] } = (await response.json()) as { errors?: { field: string }[] };
      if (field) expect(errors.map((error) => error.field.split('.')[0])).toContain(field);
    });
  }

  it('is answered with 409 when an order that was undone is to be returned or exchanged', async () => {
    const { id } = await shop.placeAndWait({ customerId: 'poor-joe' });
    for (const follow of ['return', 'exchange']) {
      const response = await shop.post(`/orders/${id}/${follow}`, { items: book });
      expect(response.status).toBe(409);
      expect(await response.json()).toMatchObject({ detail: `Order ${id} is COMPENSATED, not COMPLETED.` });
    }
  });

  it('takes no order for a booking, nor for a return', async () => {
    const placed = await shop.place();
    for (const path of ['bookings', 'returns', 'exchanges'])
      expect((await shop.get(`/${path}/${placed.id}`)).status).toBe(404);
    await shop.ended(placed);
  });

  it('keeps the books', () => auditShop(system));
});
