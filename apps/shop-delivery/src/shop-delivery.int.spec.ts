import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { PrismaPg } from '@prisma/adapter-pg';
import { ArrangeDelivery, BookCollection, CancelCollection } from '@clew/shop-contracts';
import { eventually } from '@clew/testing';
import { CommandedApp } from '../../../test/support/commanded-app.js';
import { AppModule } from './app.module.js';
import { PrismaClient } from './database/client/client.js';

const address = '12 St James’s Square, London';

let app: CommandedApp;
let prisma: PrismaClient;

beforeAll(async () => {
  app = await CommandedApp.start(AppModule, 'shop-delivery');
  prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: app.database.url }) });
}, 30_000);

afterAll(async () => {
  await prisma?.$disconnect();
  await app?.stop();
});

const carrier = (isUp: boolean) => prisma.carrier.update({ where: { id: 1 }, data: { isUp } });
afterEach(() => carrier(true));

const delivery = (sagaId: string) => ({
  command: ArrangeDelivery,
  payload: { address },
  sagaId,
  step: 'delivery',
});
const collection = (sagaId: string, orderId: string) => ({
  command: BookCollection,
  payload: { orderId, address },
  sagaId,
  step: 'collection',
});
const callOff = (sagaId: string) => ({
  command: CancelCollection,
  sagaId,
  step: 'collection',
  direction: 'compensation' as const,
});

describe('a delivery', () => {
  it('is arranged, once, and told of to whoever asks', async () => {
    const orderId = randomUUID();
    const first = await app.send(delivery(orderId));
    expect(first).toMatchObject({ outcome: 'done', body: { deliveryId: expect.any(String) } });
    const again = await app.sendOnly(delivery(orderId));
    await eventually(() => app.answersTo(again).length === 2);
    expect(app.answersTo(again)[1]!.body).toEqual(first.body);
    expect(await app.get(`/deliveries/${orderId}`)).toMatchObject({
      status: 200,
      body: { ...first.body, orderId, status: 'ARRANGED', address, collections: [] },
    });
  });

  it('waits while the carrier is down, without an answer, and is arranged when it is up', async () => {
    const orderId = randomUUID();
    await carrier(false);
    const id = await app.sendOnly(delivery(orderId));
    // What needs no carrier is answered meanwhile: the first one has been tried, and is tried again.
    expect((await app.send(callOff(randomUUID()))).outcome).toBe('done');
    expect(app.answersTo(id)).toEqual([]);
    expect((await app.get(`/deliveries/${orderId}`)).status).toBe(404);
    expect(await prisma.fence.count({ where: { sagaId: orderId } })).toBe(0);

    await carrier(true);
    await eventually(() => app.answersTo(id).length > 0, { describe: 'the delivery' });
    expect(app.answersTo(id)).toMatchObject([{ outcome: 'done' }]);
    expect((await app.get(`/deliveries/${orderId}`)).status).toBe(200);
  });
});

describe('a collection', () => {
  it('is booked for an order by its return, and called off, once', async () => {
    const [orderId, returnId] = [randomUUID(), randomUUID()];
    await app.send(delivery(orderId));
    expect(await app.send(collection(returnId, orderId))).toMatchObject({ outcome: 'done' });
    const told = async () => (await app.get(`/deliveries/${orderId}`)).body['collections'];
    expect(await told()).toMatchObject([{ returnId, status: 'BOOKED' }]);
    await app.send(callOff(returnId));
    await app.send(callOff(returnId));
    expect(await told()).toMatchObject([{ returnId, status: 'CANCELLED' }]);
  });

  it('that waits for the carrier can be called off, and is then never booked', async () => {
    const returnId = randomUUID();
    await carrier(false);
    const id = await app.sendOnly(collection(returnId, randomUUID()));
    expect((await app.send(callOff(returnId))).outcome).toBe('done');
    await carrier(true);
    await eventually(() => app.answersTo(id).length > 0, { describe: 'the answer to the booking' });
    expect(app.answersTo(id)).toMatchObject([{ outcome: 'rejected', body: { code: 'CANCELLED_BEFORE' } }]);
    expect(await prisma.collection.count({ where: { sagaId: returnId } })).toBe(0);
  });
});

it.each(['/deliveries/1', '/deliveries/%00', `/deliveries/${randomUUID()}`])(
  'finds nothing at %s',
  async (path) => expect(await app.get(path)).toMatchObject({ status: 404, body: { status: 404 } }),
);
