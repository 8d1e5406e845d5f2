import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PrismaPg } from '@prisma/adapter-pg';
import type { ReserveFlight } from '@clew/contracts';
import { CommandRejected, type CommandContext } from '@clew/participant';
import { createTestDatabase, eventually, type TestDatabase } from '@clew/testing';
import { PrismaClient, type Prisma } from '../database/client/client.js';
import { CancelFlightHandler } from './cancel-flight.handler.js';
import { ReserveFlightHandler } from './reserve-flight.handler.js';

const DATE = '2027-05-01';

let testDatabase: TestDatabase;
let prisma: PrismaClient;

beforeAll(async () => {
  testDatabase = await createTestDatabase('flights');
  prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: testDatabase.url, max: 20 }) });
});

afterAll(async () => {
  await prisma?.$disconnect();
  await testDatabase?.drop();
});

describe('reserving a flight', () => {
  it('takes the seats and remembers for whom', async () => {
    const flight = await flightWith({ capacity: 3 });
    const booking = newBooking();

    const { reservationId } = await reserve(booking, { ...flight, seats: 2 });

    expect(await reservedOn(flight)).toBe(2);
    expect(await reservationOf(booking)).toMatchObject({
      id: reservationId,
      step: 'flight',
      flightNumber: flight.flightNumber,
      seats: 2,
      status: 'RESERVED',
      cancelledAt: null,
    });
  });

  it('is refused as sold out when the seats do not all fit, and takes none', async () => {
    const flight = await flightWith({ capacity: 3, reserved: 2 });
    const booking = newBooking();

    await expect(reserve(booking, { ...flight, seats: 2 })).rejects.toMatchObject({
      code: 'FLIGHT_SOLD_OUT',
      message: `Flight ${flight.flightNumber} on ${DATE} has fewer than 2 free seats.`,
    });

    expect(await reservedOn(flight)).toBe(2);
    expect(await reservationOf(booking)).toBeNull();
  });

  it('is refused as unknown on a day without a flight', async () => {
    const flight = await flightWith({ capacity: 3 });
    await expect(reserve(newBooking(), { ...flight, date: '2027-05-02', seats: 1 })).rejects.toMatchObject({
      code: 'FLIGHT_UNKNOWN',
      message: `There is no flight ${flight.flightNumber} on 2027-05-02.`,
    });
  });

  it('waits for another transaction and then counts what that one took', async () => {
    const flight = await flightWith({ capacity: 3 });
    const [first, second] = [newBooking(), newBooking()];
    const gate = opener();

    const holder = prisma.$transaction(async (transaction) => {
      await reserve(first, { ...flight, seats: 2 }, transaction);
      gate.reached();
      await gate.opened;
    });
    await gate.isReached;
    const late = reserve(second, { ...flight, seats: 2 });
    const outcome = expect(late).rejects.toMatchObject({ code: 'FLIGHT_SOLD_OUT' });
    await somebodyWaitsForALock();
    gate.open();
    await holder;
    await outcome;

    expect(await reservedOn(flight)).toBe(2);
    expect(await reservationOf(second)).toBeNull();
  });

  it('never sells more than there is, and all of it, to many at once', async () => {
    const flight = await flightWith({ capacity: 7 });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => reserve(newBooking(), { ...flight, seats: 1 })),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(7);
    expect(await reservedOn(flight)).toBe(7);
  });
});

describe('cancelling a flight', () => {
  it('gives the seats back, once', async () => {
    const flight = await flightWith({ capacity: 5 });
    const booking = newBooking();
    await reserve(newBooking(), { ...flight, seats: 1 });
    await reserve(booking, { ...flight, seats: 2 });

    await Promise.all([cancel(booking), cancel(booking), cancel(booking)]);

    expect(await reservedOn(flight)).toBe(1);
    expect(await reservationOf(booking)).toMatchObject({
      status: 'CANCELLED',
      cancelledAt: expect.any(Date),
    });
  });

  it('waits for another transaction and leaves it what it took', async () => {
    const flight = await flightWith({ capacity: 3 });
    const [first, second] = [newBooking(), newBooking()];
    await reserve(first, { ...flight, seats: 1 });
    const gate = opener();

    const holder = prisma.$transaction(async (transaction) => {
      await reserve(second, { ...flight, seats: 2 }, transaction);
      gate.reached();
      await gate.opened;
    });
    await gate.isReached;
    const late = cancel(first);
    await somebodyWaitsForALock();
    gate.open();
    await Promise.all([holder, late]);

    expect(await reservedOn(flight)).toBe(2);
  });

  it('changes nothing when nothing was reserved', async () => {
    expect(await cancel(newBooking())).toEqual({});
  });

  it('leaves the reservation of another step of the same booking alone', async () => {
    const flight = await flightWith({ capacity: 5 });
    const booking = newBooking();
    await reserve(booking, { ...flight, seats: 2 });
    await cancel({ ...booking, step: 'flight-back' } as CommandContext);
    expect(await reservedOn(flight)).toBe(2);
  });
});

function newBooking(): CommandContext {
  return { sagaId: randomUUID(), step: 'flight' } as CommandContext;
}

async function flightWith(stock: { capacity: number; reserved?: number }) {
  const flightNumber = `T${randomUUID().slice(0, 8)}`;
  await prisma.flightInventory.create({ data: { flightNumber, date: new Date(DATE), ...stock } });
  return { flightNumber, date: DATE };
}

function reserve(context: CommandContext, command: ReserveFlight, transaction?: Prisma.TransactionClient) {
  const reserveIn = async (own: Prisma.TransactionClient) => {
    const [answer] = await new ReserveFlightHandler().reserve([{ payload: command, context }], own);
    if (answer instanceof CommandRejected) throw answer;
    return answer!;
  };
  return transaction
    ? reserveIn(transaction)
    : prisma.$transaction(reserveIn, { maxWait: 10_000, timeout: 10_000 });
}

async function cancel(context: CommandContext, transaction?: Prisma.TransactionClient) {
  const cancelIn = (own: Prisma.TransactionClient) =>
    new CancelFlightHandler().cancel([{ payload: {}, context }], own);
  const [answer] = await (transaction ? cancelIn(transaction) : prisma.$transaction(cancelIn));
  return answer;
}

async function reservedOn({ flightNumber }: { flightNumber: string }): Promise<number> {
  const { reserved } = await prisma.flightInventory.findFirstOrThrow({ where: { flightNumber } });
  return reserved;
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
