import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PrismaPg } from '@prisma/adapter-pg';
import type { ReserveHotel } from '@clew/contracts';
import { CommandRejected, type BatchedCommand, type CommandContext } from '@clew/participant';
import { createTestDatabase, type TestDatabase } from '@clew/testing';
import fc from 'fast-check';
import { PrismaClient, type Prisma } from '../database/client/client.js';
import { CancelHotelHandler } from './cancel-hotel.handler.js';
import { CancelOneHotelHandler } from './cancel-one-hotel.fixture.js';
import { ReserveHotelHandler } from './reserve-hotel.handler.js';
import { ReserveOneHotelHandler } from './reserve-one-hotel.fixture.js';

type Answer = { readonly done: true } | { readonly code: string; readonly message: string };
type Commands = readonly BatchedCommand<ReserveHotel>[];

/** Ends a transaction that is only to be looked at. */
class RolledBack extends Error {}

describe('a batch handler of hotels', () => {
  let testDatabase: TestDatabase;
  let prisma: PrismaClient;
  beforeAll(async () => {
    testDatabase = await createTestDatabase('hotels');
    prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: testDatabase.url }) });
    await prisma.hotelInventory.createMany({
      data: ['T1', 'T2'].flatMap((hotelId) =>
        ['2027-05-01', '2027-05-02', '2027-05-03', '2027-05-04'].map((night) => ({
          hotelId,
          night: new Date(night),
          capacity: 4,
        })),
      ),
    });
  });
  afterAll(async () => {
    await prisma?.$disconnect();
    await testDatabase?.drop();
  });

  const takenIn = async (transaction: Prisma.TransactionClient) =>
    (await transaction.hotelInventory.findMany({ orderBy: [{ hotelId: 'asc' }, { night: 'asc' }] })).map(
      ({ reserved }) => reserved,
    );

  const payload: fc.Arbitrary<ReserveHotel> = fc
    .record({
      hotelId: fc.constantFrom('T1', 'T2', 'T3'),
      from: fc.integer({ min: 1, max: 4 }),
      nights: fc.integer({ min: 1, max: 3 }),
      rooms: fc.integer({ min: 1, max: 4 }),
    })
    .map(({ hotelId, from, nights, rooms }) => ({
      hotelId,
      checkIn: `2027-05-0${from}`,
      checkOut: `2027-05-0${from + nights}`,
      rooms,
    }));

  /** What is answered to the commands, what is taken then, and what after some of them are cancelled. */
  async function outcomeOf(
    reserve: (transaction: Prisma.TransactionClient) => Promise<Answer[]>,
    cancel: (transaction: Prisma.TransactionClient) => Promise<unknown>,
  ) {
    let outcome: unknown;
    const work = prisma.$transaction(async (transaction) => {
      const answers = await reserve(transaction);
      const taken = await takenIn(transaction);
      await cancel(transaction);
      outcome = { answers, taken, left: await takenIn(transaction) };
      throw new RolledBack();
    });
    await expect(work).rejects.toThrow(RolledBack);
    return outcome;
  }

  async function oneAtATime(commands: Commands, transaction: Prisma.TransactionClient): Promise<Answer[]> {
    const handler = new ReserveOneHotelHandler();
    const answers: Answer[] = [];
    for (const { payload, context } of commands)
      answers.push(
        await handler.reserve(payload, context, transaction).then(
          (): Answer => ({ done: true }),
          (error: unknown) => answerOf(error as CommandRejected),
        ),
      );
    return answers;
  }

  it('answers and takes as a handler of one command does that is called for each in turn', async () => {
    const commands = fc.array(fc.record({ payload, isCancelled: fc.boolean() }), {
      minLength: 1,
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(commands, async (wishes) => {
        const batch = wishes.map(({ payload }) => ({ payload, context: newBooking() }));
        const cancelled = batch.filter((_, index) => wishes[index]!.isCancelled);
        const together = await outcomeOf(
          async (transaction) =>
            (await new ReserveHotelHandler().reserve(batch, transaction)).map((answer) =>
              answer instanceof CommandRejected ? answerOf(answer) : { done: true },
            ),
          (transaction) => new CancelHotelHandler().cancel(cancelled, transaction),
        );
        const singly = await outcomeOf(
          (transaction) => oneAtATime(batch, transaction),
          async (transaction) => {
            for (const { context } of cancelled)
              await new CancelOneHotelHandler().cancel(context, transaction);
          },
        );
        expect(together).toEqual(singly);
      }),
      { numRuns: 40 },
    );
  });
});

function answerOf({ code, message }: CommandRejected): Answer {
  return { code, message };
}

function newBooking(): CommandContext {
  return { sagaId: randomUUID(), step: 'hotel' } as CommandContext;
}
