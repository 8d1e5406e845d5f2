import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PrismaPg } from '@prisma/adapter-pg';
import type { ReserveFlight } from '@clew/contracts';
import { CommandRejected, type BatchedCommand, type CommandContext } from '@clew/participant';
import { createTestDatabase, type TestDatabase } from '@clew/testing';
import fc from 'fast-check';
import { PrismaClient, type Prisma } from '../database/client/client.js';
import { CancelFlightHandler } from './cancel-flight.handler.js';
import { CancelOneFlightHandler } from './cancel-one-flight.fixture.js';
import { ReserveFlightHandler } from './reserve-flight.handler.js';
import { ReserveOneFlightHandler } from './reserve-one-flight.fixture.js';

type Answer = { readonly done: true } | { readonly code: string; readonly message: string };
type Commands = readonly BatchedCommand<ReserveFlight>[];

/** Ends a transaction that is only to be looked at. */
class RolledBack extends Error {}

describe('a batch handler of flights', () => {
  let testDatabase: TestDatabase;
  let prisma: PrismaClient;
  beforeAll(async () => {
    testDatabase = await createTestDatabase('flights');
    prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: testDatabase.url }) });
    await prisma.flightInventory.createMany({
      data: ['T1', 'T2'].flatMap((flightNumber) =>
        ['2027-05-01', '2027-05-02', '2027-05-03', '2027-05-04'].map((date) => ({
          flightNumber,
          date: new Date(date),
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
    (await transaction.flightInventory.findMany({ orderBy: [{ flightNumber: 'asc' }, { date: 'asc' }] })).map(
      ({ reserved }) => reserved,
    );

  const payload: fc.Arbitrary<ReserveFlight> = fc.record({
    flightNumber: fc.constantFrom('T1', 'T2', 'T3'),
    date: fc.constantFrom(...['2027-05-01', '2027-05-02', '2027-06-01']),
    seats: fc.integer({ min: 1, max: 4 }),
  });

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
    const handler = new ReserveOneFlightHandler();
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
            (await new ReserveFlightHandler().reserve(batch, transaction)).map((answer) =>
              answer instanceof CommandRejected ? answerOf(answer) : { done: true },
            ),
          (transaction) => new CancelFlightHandler().cancel(cancelled, transaction),
        );
        const singly = await outcomeOf(
          (transaction) => oneAtATime(batch, transaction),
          async (transaction) => {
            for (const { context } of cancelled)
              await new CancelOneFlightHandler().cancel(context, transaction);
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
  return { sagaId: randomUUID(), step: 'flight' } as CommandContext;
}
