import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PrismaPg } from '@prisma/adapter-pg';
import type { ReserveCar } from '@clew/contracts';
import { CommandRejected, type BatchedCommand, type CommandContext } from '@clew/participant';
import { createTestDatabase, type TestDatabase } from '@clew/testing';
import fc from 'fast-check';
import { PrismaClient, type Prisma } from '../database/client/client.js';
import { CancelCarHandler } from './cancel-car.handler.js';
import { CancelOneCarHandler } from './cancel-one-car.fixture.js';
import { ReserveCarHandler } from './reserve-car.handler.js';
import { ReserveOneCarHandler } from './reserve-one-car.fixture.js';

type Answer = { readonly done: true } | { readonly code: string; readonly message: string };
type Commands = readonly BatchedCommand<ReserveCar>[];

/** Ends a transaction that is only to be looked at. */
class RolledBack extends Error {}

describe('a batch handler of cars', () => {
  let testDatabase: TestDatabase;
  let prisma: PrismaClient;
  beforeAll(async () => {
    testDatabase = await createTestDatabase('cars');
    prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: testDatabase.url }) });
    await prisma.carInventory.createMany({
      data: ['compact', 'van'].flatMap((carClass) =>
        ['2027-05-01', '2027-05-02', '2027-05-03', '2027-05-04'].map((day) => ({
          location: 'T1',
          carClass,
          day: new Date(day),
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
    (await transaction.carInventory.findMany({ orderBy: [{ carClass: 'asc' }, { day: 'asc' }] })).map(
      ({ reserved }) => reserved,
    );

  const payload: fc.Arbitrary<ReserveCar> = fc
    .record({
      location: fc.constantFrom('T1', 'T1', 'T2'),
      carClass: fc.constantFrom('compact', 'van'),
      from: fc.integer({ min: 1, max: 4 }),
      nights: fc.integer({ min: 0, max: 2 }),
    })
    .map(({ location, carClass, from, nights }) => ({
      location,
      carClass,
      pickUp: `2027-05-0${from}`,
      dropOff: `2027-05-0${from + nights}`,
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
    const handler = new ReserveOneCarHandler();
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
            (await new ReserveCarHandler().reserve(batch, transaction)).map((answer) =>
              answer instanceof CommandRejected ? answerOf(answer) : { done: true },
            ),
          (transaction) => new CancelCarHandler().cancel(cancelled, transaction),
        );
        const singly = await outcomeOf(
          (transaction) => oneAtATime(batch, transaction),
          async (transaction) => {
            for (const { context } of cancelled) await new CancelOneCarHandler().cancel(context, transaction);
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
  return { sagaId: randomUUID(), step: 'car' } as CommandContext;
}
