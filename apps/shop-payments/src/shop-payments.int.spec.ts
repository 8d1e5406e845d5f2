import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PrismaPg } from '@prisma/adapter-pg';
import type { CommandContext } from '@clew/participant';
import { AuthorisePayment, CapturePayment, RefundPayment, VoidPayment } from '@clew/shop-contracts';
import { CommandedApp } from '../../../test/support/commanded-app.js';
import { AppModule } from './app.module.js';
import { PrismaClient } from './database/client/client.js';
import { AuthorisePaymentHandler } from './payments/authorise-payment.handler.js';
import { RefundPaymentHandler } from './payments/refund-payment.handler.js';
import { VoidPaymentHandler } from './payments/void-payment.handler.js';

let app: CommandedApp;
let prisma: PrismaClient;

beforeAll(async () => {
  app = await CommandedApp.start(AppModule, 'shop-payments');
  prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: app.database.url, max: 20 }) });
}, 30_000);

afterAll(async () => {
  await prisma?.$disconnect();
  await app?.stop();
});

const authorise = (sagaId: string, customerId: string, amountCents: number) =>
  app.send({
    command: AuthorisePayment,
    payload: { customerId, amountCents },
    sagaId,
    step: 'payment',
  });
const voided = (sagaId: string) =>
  app.send({ command: VoidPayment, sagaId, step: 'payment', direction: 'compensation' });
const capture = (sagaId: string) => app.send({ command: CapturePayment, sagaId, step: 'capture' });
const refund = (orderId: string) =>
  app.send({ command: RefundPayment, payload: { orderId }, sagaId: randomUUID(), step: 'refund' });

describe('authorising a payment', () => {
  it('sets credit aside, and says so to whoever asks', async () => {
    const customerId = await customer({ creditLimitCents: 500 });
    const orderId = randomUUID();
    expect(await authorise(orderId, customerId, 300)).toMatchObject({ outcome: 'done' });
    expect(await account(customerId)).toEqual([300, 0, 200]);
    expect(await app.get(`/payments/${orderId}`)).toMatchObject({
      status: 200,
      body: { orderId, customerId, amountCents: 300, status: 'AUTHORISED' },
    });
  });

  it('is declined beyond the limit, and sets nothing aside', async () => {
    const customerId = await customer({ creditLimitCents: 500, capturedCents: 200 });
    const orderId = randomUUID();
    expect((await authorise(orderId, customerId, 301)).body).toMatchObject({ code: 'CARD_DECLINED' });
    expect(await account(customerId)).toEqual([0, 200, 300]);
    expect((await app.get(`/payments/${orderId}`)).status).toBe(404);
    expect((await authorise(randomUUID(), 'poor-joe', 1)).body).toMatchObject({ code: 'CARD_DECLINED' });
    expect((await authorise(randomUUID(), 'ada', 2_000_000_000)).body).toMatchObject({
      code: 'CARD_DECLINED',
    });
  });

  it('is refused to somebody unknown', async () => {
    expect((await authorise(randomUUID(), 'nobody', 1)).body).toEqual({
      code: 'CUSTOMER_UNKNOWN',
      message: 'There is no customer nobody.',
    });
  });

  it('never goes beyond the limit, and up to it, for many orders at once', async () => {
    const customerId = await customer({ creditLimitCents: 700 });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () =>
        prisma.$transaction((own) =>
          new AuthorisePaymentHandler().authorise(
            { customerId, amountCents: 100 },
            { sagaId: randomUUID(), step: 'payment' } as CommandContext,
            own,
          ),
        ),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(7);
    expect(await account(customerId)).toEqual([700, 0, 0]);
  });

  it('has the database itself against too much credit', async () => {
    const customerId = await customer({ creditLimitCents: 500, capturedCents: 200 });
    const exceed = prisma.account.update({ where: { customerId }, data: { authorisedCents: 301 } });
    await expect(exceed).rejects.toThrow(/account_credit/);
    const underflow = prisma.account.update({ where: { customerId }, data: { capturedCents: -1 } });
    await expect(underflow).rejects.toThrow(/account_credit/);
  });
});

describe('voiding a payment', () => {
  it('gives the credit back, once', async () => {
    const customerId = await customer({ creditLimitCents: 500 });
    const [orderId, other] = [randomUUID(), randomUUID()];
    await authorise(orderId, customerId, 300);
    await authorise(other, customerId, 100);
    await voided(orderId);
    expect((await voided(orderId)).outcome).toBe('done');
    expect(await account(customerId)).toEqual([100, 0, 400]);
    expect(await statusOf(orderId)).toBe('VOIDED');
    expect((await voided(randomUUID())).outcome).toBe('done');
  });

  it('gives back what its own step set aside only, and once, also where no fence stands before it', async () => {
    const customerId = await customer({ creditLimitCents: 500 });
    const [orderId, other] = [randomUUID(), randomUUID()];
    await authorise(orderId, customerId, 100);
    await authorise(other, customerId, 100);
    const voidStep = (step: string) =>
      prisma.$transaction((own) =>
        new VoidPaymentHandler().void({ sagaId: orderId, step } as CommandContext, own),
      );
    await voidStep('deposit');
    expect(await account(customerId)).toEqual([200, 0, 300]);
    await Promise.all([voidStep('payment'), voidStep('payment')]);
    expect(await account(customerId)).toEqual([100, 0, 400]);
  });

  it('is refused once the payment is captured, and changes nothing', async () => {
    const customerId = await customer({ creditLimitCents: 500 });
    const orderId = randomUUID();
    await authorise(orderId, customerId, 300);
    await capture(orderId);
    expect(await voided(orderId)).toMatchObject({
      outcome: 'rejected',
      body: { code: 'ALREADY_CAPTURED' },
    });
    expect(await account(customerId)).toEqual([0, 300, 200]);
    expect(await statusOf(orderId)).toBe('CAPTURED');
  });
});

describe('capturing a payment', () => {
  it('turns what its own saga has authorised into a charge', async () => {
    const customerId = await customer({ creditLimitCents: 500 });
    const [orderId, other] = [randomUUID(), randomUUID()];
    await authorise(orderId, customerId, 300);
    await authorise(other, customerId, 100);
    expect((await capture(orderId)).body).toEqual({ amountCents: 300 });
    expect((await capture(orderId)).body).toEqual({ amountCents: 300 });
    expect(await account(customerId)).toEqual([100, 300, 100]);
    expect([await statusOf(orderId), await statusOf(other)]).toEqual(['CAPTURED', 'AUTHORISED']);
  });

  it('is refused for an account that is frozen, whose payment can still be voided', async () => {
    const orderId = randomUUID();
    await authorise(orderId, 'frozen-fred', 300);
    expect((await capture(orderId)).body).toMatchObject({ code: 'CAPTURE_REFUSED' });
    expect(await account('frozen-fred')).toEqual([300, 0, 999_999_700]);
    await voided(orderId);
    expect(await account('frozen-fred')).toEqual([0, 0, 1_000_000_000]);
  });

  it('is refused when nothing was authorised, or it was voided', async () => {
    const orderId = randomUUID();
    expect((await capture(orderId)).body).toMatchObject({ code: 'CAPTURE_REFUSED' });
    const voidedOrder = randomUUID();
    await authorise(voidedOrder, 'linus', 300);
    await voided(voidedOrder);
    expect((await capture(voidedOrder)).body).toMatchObject({ code: 'CAPTURE_REFUSED' });
    expect(await account('linus')).toEqual([0, 0, 1_000_000_000]);
  });
});

describe('refunding an order', () => {
  it('gives the money back, once, at the word of another saga', async () => {
    const customerId = await customer({ creditLimitCents: 500 });
    const orderId = randomUUID();
    await authorise(orderId, customerId, 300);
    expect((await refund(orderId)).body).toMatchObject({ code: 'NOTHING_TO_REFUND' });
    await capture(orderId);
    expect((await refund(orderId)).body).toEqual({ amountCents: 300 });
    expect((await refund(orderId)).body).toMatchObject({ code: 'NOTHING_TO_REFUND' });
    expect(await account(customerId)).toEqual([0, 0, 500]);
    expect(await statusOf(orderId)).toBe('REFUNDED');
    expect((await voided(orderId)).body).toMatchObject({ code: 'ALREADY_CAPTURED' });
  });

  it('gives it back once although two returns ask at the same moment', async () => {
    const customerId = await customer({ creditLimitCents: 500 });
    const orderId = randomUUID();
    await authorise(orderId, customerId, 300);
    await capture(orderId);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 5 }, () =>
        prisma.$transaction((own) => new RefundPaymentHandler().refund({ orderId }, own)),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await account(customerId)).toEqual([0, 0, 500]);
  });
});

it.each(['/accounts/nobody', '/accounts/%00', '/payments/1', `/payments/${randomUUID()}`])(
  'finds nothing at %s',
  async (path) => expect(await app.get(path)).toMatchObject({ status: 404, body: { status: 404 } }),
);

async function customer(credit: { creditLimitCents: number; capturedCents?: number }): Promise<string> {
  const customerId = `t-${randomUUID().slice(0, 8)}`;
  await prisma.account.create({ data: { customerId, ...credit } });
  return customerId;
}

/** Authorised, captured and available. */
async function account(customerId: string): Promise<unknown[]> {
  const { body } = await app.get(`/accounts/${customerId}`);
  return [body['authorisedCents'], body['capturedCents'], body['availableCents']];
}

async function statusOf(orderId: string): Promise<unknown> {
  return (await app.get(`/payments/${orderId}`)).body['status'];
}
