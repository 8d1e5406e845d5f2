import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PrismaPg } from '@prisma/adapter-pg';
import type { ReserveCar } from '@clew/contracts';
import { CommandRejected, type CommandContext } from '@clew/participant';
import { createTestDatabase, eventually, type TestDatabase } from '@clew/testing';
import { PrismaClient, type Prisma } from '../database/client/client.js';
import { CancelCarHandler } from './cancel-car.handler.js';
import { ReserveCarHandler } from './reserve-car.handler.js';

/** Days with cars to rent. */
const DAYS = ['2027-05-01', '2027-05-02', '2027-05-03', '2027-05-04'] as const;

let testDatabase: TestDatabase;
let prisma: PrismaClient;

beforeAll(async () => {
  testDatabase = await createTestDatabase('cars');
  prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: testDatabase.url, max: 20 }) });
});

afterAll(async () => {
  await prisma?.$disconnect();
  await testDatabase?.drop();
});

describe('reserving a car', () => {
  it('takes one for every day, that of the return included', async () => {
    const car = await carWith([3, 3, 3, 3]);
    const booking = newBooking();

    const { reservationId } = await reserve(booking, { ...car, pickUp: '2027-05-02', dropOff: '2027-05-03' });

    expect(await reserved(car)).toEqual([0, 1, 1, 0]);
    expect(await reservationOf(booking)).toMatchObject({
      id: reservationId,
      step: 'car',
      location: car.location,
      carClass: 'van',
      status: 'RESERVED',
      cancelledAt: null,
    });
  });

  it('is refused as sold out when one day is full, and takes none of the others', async () => {
    const car = await carWith([3, 3, 0, 3]);
    const booking = newBooking();

    await expect(
      reserve(booking, { ...car, pickUp: '2027-05-01', dropOff: '2027-05-04' }),
    ).rejects.toMatchObject({
      code: 'CAR_SOLD_OUT',
      message: `No car of class van is free at ${car.location} on some day from 2027-05-01 to 2027-05-04.`,
    });

    expect(await reserved(car)).toEqual([0, 0, 0, 0]);
    expect(await reservationOf(booking)).toBeNull();
  });

  it('is refused as unknown when one day does not exist, even if another is full', async () => {
    const car = await carWith([3, 3, 3, 0]);
    await expect(
      reserve(newBooking(), { ...car, pickUp: '2027-05-03', dropOff: '2027-05-05' }),
    ).rejects.toMatchObject({
      code: 'CAR_UNKNOWN',
      message: `There is no car of class van at ${car.location} for all days from 2027-05-03 to 2027-05-05.`,
    });
    expect(await reserved(car)).toEqual([0, 0, 0, 0]);
  });

  it('waits for another transaction and then counts what that one took', async () => {
    const car = await carWith([9, 9, 1, 9]);
    const [first, second] = [newBooking(), newBooking()];
    const gate = opener();

    const holder = prisma.$transaction(async (transaction) => {
      await reserve(first, { ...car, pickUp: '2027-05-03', dropOff: '2027-05-04' }, transaction);
      gate.reached();
      await gate.opened;
    });
    await gate.isReached;
    // Its snapshot still shows the day as free.
    const late = reserve(second, { ...car, pickUp: '2027-05-01', dropOff: '2027-05-04' });
    const outcome = expect(late).rejects.toMatchObject({ code: 'CAR_SOLD_OUT' });
    await somebodyWaitsForALock();
    gate.open();
    await holder;
    await outcome;

    expect(await reserved(car)).toEqual([0, 0, 1, 1]);
    expect(await reservationOf(second)).toBeNull();
  });

  it('finds what another transaction has given back while it waited', async () => {
    const car = await carWith([1, 1, 1, 1]);
    const [first, second] = [newBooking(), newBooking()];
    await reserve(first, { ...car, pickUp: '2027-05-01', dropOff: '2027-05-04' });
    const gate = opener();

    const holder = prisma.$transaction(async (transaction) => {
      await cancel(first, transaction);
      gate.reached();
      await gate.opened;
    });
    await gate.isReached;
    const late = reserve(second, { ...car, pickUp: '2027-05-01', dropOff: '2027-05-04' });
    await somebodyWaitsForALock();
    gate.open();
    await Promise.all([holder, late]);

    expect(await reserved(car)).toEqual([1, 1, 1, 1]);
    expect(await reservationOf(second)).toMatchObject({ status: 'RESERVED' });
  });

  it('never sells more than there is, without deadlocks, to many at once whose days overlap', async () => {
    const car = await carWith([7, 7, 7, 7]);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => {
        const span =
          index % 2 === 0
            ? { pickUp: '2027-05-01', dropOff: '2027-05-03' }
            : { pickUp: '2027-05-02', dropOff: '2027-05-04' };
        return reserve(newBooking(), { ...car, ...span });
      }),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(7);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'CAR_SOLD_OUT' });
    }
    expect(Math.max(...(await reserved(car)))).toBe(7);
  });
});

describe('cancelling a car', () => {
  it('gives every day back, once', async () => {
    const car = await carWith([5, 5, 5, 5]);
    const booking = newBooking();
    await reserve(newBooking(), { ...car, pickUp: '2027-05-01', dropOff: '2027-05-04' });
    await reserve(booking, { ...car, pickUp: '2027-05-01', dropOff: '2027-05-04' });

    await Promise.all([cancel(booking), cancel(booking), cancel(booking)]);

    expect(await reserved(car)).toEqual([1, 1, 1, 1]);
    expect(await reservationOf(booking)).toMatchObject({
      status: 'CANCELLED',
      cancelledAt: expect.any(Date),
    });
  });

  it('waits for another transaction and leaves it what it took', async () => {
    const car = await carWith([2, 2, 2, 2]);
    const [first, second] = [newBooking(), newBooking()];
    await reserve(first, { ...car, pickUp: '2027-05-01', dropOff: '2027-05-04' });
    const gate = opener();

    const holder = prisma.$transaction(async (transaction) => {
      await reserve(second, { ...car, pickUp: '2027-05-01', dropOff: '2027-05-04' }, transaction);
      gate.reached();
      await gate.opened;
    });
    await gate.isReached;
    const late = cancel(first);
    await somebodyWaitsForALock();
    gate.open();
    await Promise.all([holder, late]);

    expect(await reserved(car)).toEqual([1, 1, 1, 1]);
  });

  it('changes nothing when nothing was reserved', async () => {
    expect(await cancel(newBooking())).toEqual({});
  });

  it('leaves the reservation of another step of the same booking alone', async () => {
    const car = await carWith([5, 5, 5, 5]);
    const booking = newBooking();
    await reserve(booking, { ...car, pickUp: '2027-05-01', dropOff: '2027-05-04' });
    await cancel({ ...booking, step: 'another' } as CommandContext);
    expect(await reserved(car)).toEqual([1, 1, 1, 1]);
  });
});

function newBooking(): CommandContext {
  return { sagaId: randomUUID(), step: 'car' } as CommandContext;
}

/** A car with so many cars on each day. */
async function carWith(capacities: readonly [number, number, number, number]) {
  const car = { location: `T-${randomUUID().slice(0, 8)}`, carClass: 'van' };
  await prisma.carInventory.createMany({
    data: DAYS.map((day, index) => ({ ...car, day: new Date(day), capacity: capacities[index]! })),
  });
  return { ...car };
}

function reserve(context: CommandContext, command: ReserveCar, transaction?: Prisma.TransactionClient) {
  const reserveIn = async (own: Prisma.TransactionClient) => {
    const [answer] = await new ReserveCarHandler().reserve([{ payload: command, context }], own);
    if (answer instanceof CommandRejected) throw answer;
    return answer!;
  };
  return transaction
    ? reserveIn(transaction)
    : prisma.$transaction(reserveIn, { maxWait: 10_000, timeout: 10_000 });
}

async function cancel(context: CommandContext, transaction?: Prisma.TransactionClient) {
  const cancelIn = (own: Prisma.TransactionClient) =>
    new CancelCarHandler().cancel([{ payload: {}, context }], own);
  const [answer] = await (transaction ? cancelIn(transaction) : prisma.$transaction(cancelIn));
  return answer;
}

/** Cars taken on each day. */
async function reserved({ location }: { location: string }): Promise<number[]> {
  const days = await prisma.carInventory.findMany({ where: { location }, orderBy: { day: 'asc' } });
  return days.map((row) => row.reserved);
}

function reservationOf({ sagaId }: CommandContext) {
  return prisma.reservation.findFirst({ where: { sagaId } });
}

/** Lets one transaction stand still while another runs into it. */
function opener() {
  const { promise: isReached, resolve: reached } = signal();
  const { promise: opened, resolve: open } = signal();
  return { isReached, reached, opened, open };
}

function signal(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

async function somebodyWaitsForALock(): Promise<void> {
  await eventually(async () => {
    const waiting = await prisma.$queryRaw<unknown[]>`
      SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    return waiting.length > 0;
  });
}
