import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PrismaPg } from '@prisma/adapter-pg';
import type { ReserveHotel } from '@clew/contracts';
import { CommandRejected, type CommandContext } from '@clew/participant';
import { createTestDatabase, eventually, type TestDatabase } from '@clew/testing';
import { PrismaClient, type Prisma } from '../database/client/client.js';
import { CancelHotelHandler } from './cancel-hotel.handler.js';
import { ReserveHotelHandler } from './reserve-hotel.handler.js';

/** Nights with rooms to let. */
const NIGHTS = ['2027-05-01', '2027-05-02', '2027-05-03', '2027-05-04'] as const;

let testDatabase: TestDatabase;
let prisma: PrismaClient;

beforeAll(async () => {
  testDatabase = await createTestDatabase('hotels');
  prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: testDatabase.url, max: 20 }) });
});

afterAll(async () => {
  await prisma?.$disconnect();
  await testDatabase?.drop();
});

describe('reserving a hotel', () => {
  it('takes the rooms for every night but that of the departure', async () => {
    const hotel = await hotelWith([3, 3, 3, 3]);
    const booking = newBooking();

    const { reservationId } = await reserve(booking, {
      ...hotel,
      checkIn: '2027-05-02',
      checkOut: '2027-05-04',
      rooms: 2,
    });

    expect(await reserved(hotel)).toEqual([0, 2, 2, 0]);
    expect(await reservationOf(booking)).toMatchObject({
      id: reservationId,
      step: 'hotel',
      hotelId: hotel.hotelId,
      rooms: 2,
      status: 'RESERVED',
      cancelledAt: null,
    });
  });

  it('is refused as sold out when one night is full, and takes none of the others', async () => {
    const hotel = await hotelWith([3, 3, 1, 3]);
    const booking = newBooking();

    await expect(
      reserve(booking, { ...hotel, checkIn: '2027-05-01', checkOut: '2027-05-05', rooms: 2 }),
    ).rejects.toMatchObject({
      code: 'HOTEL_SOLD_OUT',
      message: `Hotel ${hotel.hotelId} has fewer than 2 free rooms on some night from 2027-05-01 to 2027-05-05.`,
    });

    expect(await reserved(hotel)).toEqual([0, 0, 0, 0]);
    expect(await reservationOf(booking)).toBeNull();
  });

  it('is refused as unknown when one night does not exist, even if another is full', async () => {
    const hotel = await hotelWith([3, 3, 3, 0]);
    await expect(
      reserve(newBooking(), { ...hotel, checkIn: '2027-05-03', checkOut: '2027-05-06', rooms: 1 }),
    ).rejects.toMatchObject({
      code: 'HOTEL_UNKNOWN',
      message: `There is no hotel ${hotel.hotelId} for all nights from 2027-05-03 to 2027-05-06.`,
    });
    expect(await reserved(hotel)).toEqual([0, 0, 0, 0]);
  });

  it('waits for another transaction and then counts what that one took', async () => {
    const hotel = await hotelWith([9, 9, 3, 9]);
    const [first, second] = [newBooking(), newBooking()];
    const gate = opener();

    const holder = prisma.$transaction(async (transaction) => {
      await reserve(
        first,
        { ...hotel, checkIn: '2027-05-03', checkOut: '2027-05-05', rooms: 2 },
        transaction,
      );
      gate.reached();
      await gate.opened;
    });
    await gate.isReached;
    // Its snapshot still shows the night as free.
    const late = reserve(second, { ...hotel, checkIn: '2027-05-01', checkOut: '2027-05-05', rooms: 2 });
    const outcome = expect(late).rejects.toMatchObject({ code: 'HOTEL_SOLD_OUT' });
    await somebodyWaitsForALock();
    gate.open();
    await holder;
    await outcome;

    expect(await reserved(hotel)).toEqual([0, 0, 2, 2]);
    expect(await reservationOf(second)).toBeNull();
  });

  it('finds what another transaction has given back while it waited', async () => {
    const hotel = await hotelWith([1, 1, 1, 1]);
    const [first, second] = [newBooking(), newBooking()];
    await reserve(first, { ...hotel, checkIn: '2027-05-01', checkOut: '2027-05-05', rooms: 1 });
    const gate = opener();

    const holder = prisma.$transaction(async (transaction) => {
      await cancel(first, transaction);
      gate.reached();
      await gate.opened;
    });
    await gate.isReached;
    const late = reserve(second, { ...hotel, checkIn: '2027-05-01', checkOut: '2027-05-05', rooms: 1 });
    await somebodyWaitsForALock();
    gate.open();
    await Promise.all([holder, late]);

    expect(await reserved(hotel)).toEqual([1, 1, 1, 1]);
    expect(await reservationOf(second)).toMatchObject({ status: 'RESERVED' });
  });

  it('never sells more than there is, without deadlocks, to many at once whose nights overlap', async () => {
    const hotel = await hotelWith([7, 7, 7, 7]);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => {
        const span =
          index % 2 === 0
            ? { checkIn: '2027-05-01', checkOut: '2027-05-04' }
            : { checkIn: '2027-05-02', checkOut: '2027-05-05' };
        return reserve(newBooking(), { ...hotel, ...span, rooms: 1 });
      }),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(7);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'HOTEL_SOLD_OUT' });
    }
    expect(Math.max(...(await reserved(hotel)))).toBe(7);
  });
});

describe('cancelling a hotel', () => {
  it('gives every night back, once', async () => {
    const hotel = await hotelWith([5, 5, 5, 5]);
    const booking = newBooking();
    await reserve(newBooking(), { ...hotel, checkIn: '2027-05-01', checkOut: '2027-05-05', rooms: 1 });
    await reserve(booking, { ...hotel, checkIn: '2027-05-01', checkOut: '2027-05-05', rooms: 2 });

    await Promise.all([cancel(booking), cancel(booking), cancel(booking)]);

    expect(await reserved(hotel)).toEqual([1, 1, 1, 1]);
    expect(await reservationOf(booking)).toMatchObject({
      status: 'CANCELLED',
      cancelledAt: expect.any(Date),
    });
  });

  it('waits for another transaction and leaves it what it took', async () => {
    const hotel = await hotelWith([2, 2, 2, 2]);
    const [first, second] = [newBooking(), newBooking()];
    await reserve(first, { ...hotel, checkIn: '2027-05-01', checkOut: '2027-05-05', rooms: 1 });
    const gate = opener();

    const holder = prisma.$transaction(async (transaction) => {
      await reserve(
        second,
        { ...hotel, checkIn: '2027-05-01', checkOut: '2027-05-05', rooms: 1 },
        transaction,
      );
      gate.reached();
      await gate.opened;
    });
    await gate.isReached;
    const late = cancel(first);
    await somebodyWaitsForALock();
    gate.open();
    await Promise.all([holder, late]);

    expect(await reserved(hotel)).toEqual([1, 1, 1, 1]);
  });

  it('changes nothing when nothing was reserved', async () => {
    expect(await cancel(newBooking())).toEqual({});
  });

  it('leaves the reservation of another step of the same booking alone', async () => {
    const hotel = await hotelWith([5, 5, 5, 5]);
    const booking = newBooking();
    await reserve(booking, { ...hotel, checkIn: '2027-05-01', checkOut: '2027-05-05', rooms: 1 });
    await cancel({ ...booking, step: 'another' } as CommandContext);
    expect(await reserved(hotel)).toEqual([1, 1, 1, 1]);
  });
});

function newBooking(): CommandContext {
  return { sagaId: randomUUID(), step: 'hotel' } as CommandContext;
}

/** A hotel with so many rooms on each night. */
async function hotelWith(capacities: readonly [number, number, number, number]) {
  const hotelId = `T-${randomUUID().slice(0, 8)}`;
  await prisma.hotelInventory.createMany({
    data: NIGHTS.map((night, index) => ({ hotelId, night: new Date(night), capacity: capacities[index]! })),
  });
  return { hotelId };
}

function reserve(context: CommandContext, command: ReserveHotel, transaction?: Prisma.TransactionClient) {
  const reserveIn = async (own: Prisma.TransactionClient) => {
    const [answer] = await new ReserveHotelHandler().reserve([{ payload: command, context }], own);
    if (answer instanceof CommandRejected) throw answer;
    return answer!;
  };
  return transaction
    ? reserveIn(transaction)
    : prisma.$transaction(reserveIn, { maxWait: 10_000, timeout: 10_000 });
}

async function cancel(context: CommandContext, transaction?: Prisma.TransactionClient) {
  const cancelIn = (own: Prisma.TransactionClient) =>
    new CancelHotelHandler().cancel([{ payload: {}, context }], own);
  const [answer] = await (transaction ? cancelIn(transaction) : prisma.$transaction(cancelIn));
  return answer;
}

/** Rooms taken on each night. */
async function reserved({ hotelId }: { hotelId: string }): Promise<number[]> {
  const nights = await prisma.hotelInventory.findMany({ where: { hotelId }, orderBy: { night: 'asc' } });
  return nights.map((row) => row.reserved);
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
