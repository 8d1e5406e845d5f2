import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PrismaPg } from '@prisma/adapter-pg';
import type { CommandContext } from '@clew/participant';
import {
  ReleaseStock,
  ReserveStock,
  RestockGoods,
  UnwrapGift,
  WrapGift,
  type OrderItem,
} from '@clew/shop-contracts';
import { CommandedApp } from '../../../test/support/commanded-app.js';
import { AppModule } from './app.module.js';
import { PrismaClient } from './database/client/client.js';
import { UnwrapGiftHandler } from './gift-wrap/unwrap-gift.handler.js';
import { WrapGiftHandler } from './gift-wrap/wrap-gift.handler.js';
import { ReleaseStockHandler } from './holds/release-stock.handler.js';
import { ReserveStockHandler } from './holds/reserve-stock.handler.js';

let app: CommandedApp;
let prisma: PrismaClient;

beforeAll(async () => {
  app = await CommandedApp.start(AppModule, 'shop-stock');
  prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: app.database.url, max: 20 }) });
}, 30_000);

afterAll(async () => {
  await prisma?.$disconnect();
  await app?.stop();
});

const reserve = (sagaId: string, ...items: OrderItem[]) =>
  app.send({ command: ReserveStock, payload: { items }, sagaId, step: 'stock' });
const release = (sagaId: string) =>
  app.send({ command: ReleaseStock, sagaId, step: 'stock', direction: 'compensation' });

describe('holding goods', () => {
  it('takes all lines, tells what they cost together, and says so to whoever asks', async () => {
    const [cup, plate] = [await product({ stock: 3 }), await product({ stock: 9, priceCents: 7 })];
    const orderId = randomUUID();

    const reply = await reserve(orderId, { sku: plate, quantity: 2 }, { sku: cup, quantity: 1 });

    expect(reply).toMatchObject({ outcome: 'done', body: { totalCents: 2 * 7 + 100 } });
    const hold = await app.get(`/holds/${orderId}`);
    expect(hold).toMatchObject({ status: 200, body: { orderId, status: 'HELD', totalCents: 114 } });
    expect(hold.body['items']).toHaveLength(2);
    expect((await app.get(`/stock/${plate}`)).body).toMatchObject({ stock: 9, reserved: 2, available: 7 });
  });

  it('is refused when one line is short, and takes none of the others', async () => {
    const [ample, scarce] = [await product({ stock: 9 }), await product({ stock: 1 })];
    const orderId = randomUUID();
    const reply = await reserve(orderId, { sku: ample, quantity: 1 }, { sku: scarce, quantity: 2 });
    expect(reply).toMatchObject({
      outcome: 'rejected',
      body: { code: 'OUT_OF_STOCK', message: `There is not enough in stock of ${scarce}.` },
    });
    expect([await reserved(ample), await reserved(scarce)]).toEqual([0, 0]);
    expect((await app.get(`/holds/${orderId}`)).status).toBe(404);
  });

  it('has written nothing when it refuses, whether or not that is rolled back', async () => {
    const [ample, scarce] = [await product({ stock: 9 }), await product({ stock: 1 })];
    const context = orderContext();
    const items = [ample, scarce].map((sku) => ({ sku, quantity: 2 }));
    await prisma.$transaction(async (own) => {
      const refused = new ReserveStockHandler().reserve({ items }, context, own);
      await expect(refused).rejects.toMatchObject({ code: 'OUT_OF_STOCK' });
    });
    expect(await reserved(ample)).toBe(0);
    expect((await app.get(`/holds/${context.sagaId}`)).status).toBe(404);
  });

  it('is refused when a product is unknown, whatever else is short', async () => {
    const reply = await reserve(
      randomUUID(),
      { sku: 'UNICORN', quantity: 1 },
      { sku: 'NOTHING', quantity: 1 },
    );
    expect(reply.body).toEqual({ code: 'PRODUCT_UNKNOWN', message: 'There is no product NOTHING.' });
  });

  it('adds up lines of the same product', async () => {
    const sku = await product({ stock: 3 });
    const twice = [
      { sku, quantity: 2 },
      { sku, quantity: 2 },
    ];
    expect((await reserve(randomUUID(), ...twice)).body).toMatchObject({ code: 'OUT_OF_STOCK' });
    expect(await reserved(sku)).toBe(0);
  });

  it('sells out a unicorn before the first, in the seed', async () => {
    expect((await reserve(randomUUID(), { sku: 'UNICORN', quantity: 1 })).body).toMatchObject({
      code: 'OUT_OF_STOCK',
    });
    for (const sku of ['TEAPOT', 'BOOK-1', 'BOOK-50'])
      expect((await reserve(randomUUID(), { sku, quantity: 100 })).outcome).toBe('done');
  });

  it('never sells more than there is, and all of it, to many at once who name the products in any order', async () => {
    const skus = [await product({ stock: 7 }), await product({ stock: 30 }), await product({ stock: 9 })];
    const lines = skus.map((sku) => ({ sku, quantity: 1 }));
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) =>
        prisma.$transaction((transaction) =>
          new ReserveStockHandler().reserve(
            { items: n % 2 ? lines : lines.toReversed() },
            orderContext(),
            transaction,
          ),
        ),
      ),
    );
    const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(refusals).toHaveLength(13);
    for (const refusal of refusals) expect(refusal).toMatchObject({ code: 'OUT_OF_STOCK' });
    for (const sku of skus) expect(await reserved(sku)).toBe(7);
  });

  it('does not wait in a circle with those who give back', async () => {
    const skus = [await product({ stock: 100 }), await product({ stock: 100 })];
    const lines = skus.map((sku) => ({ sku, quantity: 1 }));
    const rounds = Array.from({ length: 20 }, async (_, n) => {
      const context = orderContext();
      const items = n % 2 ? lines : lines.toReversed();
      await prisma.$transaction((own) => new ReserveStockHandler().reserve({ items }, context, own));
      await prisma.$transaction((own) => new ReleaseStockHandler().release(context, own));
    });
    await Promise.all(rounds);
    for (const sku of skus) expect(await reserved(sku)).toBe(0);
  });

  it('has the database itself against overselling', async () => {
    const sku = await product({ stock: 1 });
    const oversell = prisma.product.update({ where: { sku }, data: { reserved: 2 } });
    await expect(oversell).rejects.toThrow(/product_reserved/);
    const underflow = prisma.product.update({ where: { sku }, data: { reserved: -1 } });
    await expect(underflow).rejects.toThrow(/product_reserved/);
  });
});

describe('giving goods back', () => {
  it('releases what a step of a saga held, once', async () => {
    const sku = await product({ stock: 9 });
    const orderId = randomUUID();
    await reserve(randomUUID(), { sku, quantity: 1 });
    await reserve(orderId, { sku, quantity: 3 });
    await release(orderId);
    await release(orderId);
    expect(await reserved(sku)).toBe(1);
    expect((await app.get(`/holds/${orderId}`)).body).toMatchObject({
      status: 'RELEASED',
      endedAt: expect.any(String),
    });
    expect((await release(randomUUID())).outcome).toBe('done');
  });

  it('changes nothing of another step, nor a second time, also where no fence stands before it', async () => {
    const sku = await product({ stock: 9 });
    const orderId = randomUUID();
    await reserve(orderId, { sku, quantity: 1 });
    const releaseStep = (step: string) =>
      prisma.$transaction((own) =>
        new ReleaseStockHandler().release({ sagaId: orderId, step } as CommandContext, own),
      );
    await releaseStep('replacement');
    expect(await reserved(sku)).toBe(1);
    await Promise.all([releaseStep('stock'), releaseStep('stock'), releaseStep('stock')]);
    expect(await reserved(sku)).toBe(0);
  });

  it('restocks what an order held, once, at the word of another saga', async () => {
    const sku = await product({ stock: 9 });
    const orderId = randomUUID();
    await reserve(orderId, { sku, quantity: 3 });
    const restock = (sagaId: string) =>
      app.send({ command: RestockGoods, payload: { orderId }, sagaId, step: 'restock' });
    expect((await restock(randomUUID())).body).toEqual({ pieces: 3 });
    expect((await restock(randomUUID())).body).toEqual({ pieces: 0 });
    expect(await reserved(sku)).toBe(0);
    expect((await app.get(`/holds/${orderId}`)).body).toMatchObject({ status: 'RETURNED' });
    await release(orderId);
    expect(await reserved(sku)).toBe(0);
  });
});

describe('wrapping gifts', () => {
  const wrap = (sagaId: string) =>
    app.send({ command: WrapGift, payload: { message: 'For Ada' }, sagaId, step: 'gift-wrap' });
  const unwrap = (sagaId: string) =>
    app.send({ command: UnwrapGift, sagaId, step: 'gift-wrap', direction: 'compensation' });
  const available = async () => (await app.get('/wrapping-paper')).body['available'];

  it('uses a sheet and writes the card, and unwrapping gives the sheet back, once', async () => {
    const orderId = randomUUID();
    const before = await available();
    await reserve(orderId, { sku: 'TEAPOT', quantity: 1 });
    expect(await wrap(orderId)).toMatchObject({ outcome: 'done' });
    expect(await available()).toBe(Number(before) - 1);
    expect((await app.get(`/holds/${orderId}`)).body['giftWrap']).toEqual({
      status: 'WRAPPED',
      message: 'For Ada',
    });
    await unwrap(orderId);
    await unwrap(randomUUID());
    expect(await available()).toBe(before);
    expect((await app.get(`/holds/${orderId}`)).body['giftWrap']).toMatchObject({ status: 'UNWRAPPED' });
  });

  it('gives back the sheet of its own step only, and once, also where no fence stands before it', async () => {
    const orderId = randomUUID();
    const before = Number(await available());
    await wrap(orderId);
    await wrap(randomUUID());
    const unwrapStep = (step: string) =>
      prisma.$transaction((own) =>
        new UnwrapGiftHandler().unwrap({ sagaId: orderId, step } as CommandContext, own),
      );
    await unwrapStep('card');
    expect(await available()).toBe(before - 2);
    await Promise.all([unwrapStep('gift-wrap'), unwrapStep('gift-wrap')]);
    expect(await available()).toBe(before - 1);
  });

  it('is refused to all but as many as there are sheets, at once or not', async () => {
    const { used } = await prisma.wrappingPaper.findUniqueOrThrow({ where: { id: 1 } });
    await prisma.wrappingPaper.update({ where: { id: 1 }, data: { sheets: used + 3 } });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, () =>
        prisma.$transaction((own) => new WrapGiftHandler().wrap({ message: 'x' }, orderContext(), own)),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect((await wrap(randomUUID())).body).toMatchObject({ code: 'NO_WRAPPING_PAPER' });
    const tear = prisma.wrappingPaper.update({ where: { id: 1 }, data: { used: used + 4 } });
    await expect(tear).rejects.toThrow(/wrapping_paper_used/);
  });
});

it.each(['/stock/NOTHING', '/stock/%00', '/holds/1', `/holds/${randomUUID()}`, '/holds/%00'])(
  'finds nothing at %s',
  async (path) => expect(await app.get(path)).toMatchObject({ status: 404, body: { status: 404 } }),
);

function orderContext(): CommandContext {
  return { sagaId: randomUUID(), step: 'stock' } as CommandContext;
}

async function product({ stock, priceCents = 100 }: { stock: number; priceCents?: number }): Promise<string> {
  const sku = `T-${randomUUID().slice(0, 8)}`;
  await prisma.product.create({ data: { sku, priceCents, stock } });
  return sku;
}

async function reserved(sku: string): Promise<number> {
  return (await prisma.product.findUniqueOrThrow({ where: { sku } })).reserved;
}
