import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CommandRejected, type BatchedCommand, type CommandContext } from '@clew/participant';
import { createTestDatabase, type TestDatabase } from '@clew/testing';
import fc from 'fast-check';

/** As much of a Prisma client as this needs. */
interface Client<Transaction> {
  $transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
  $disconnect(): Promise<void>;
}

/** The handlers of a participant, of many commands and of one, and what they take from. */
export interface BothKinds<Payload extends object, Transaction, Database extends Client<Transaction>> {
  readonly participant: string;
  readonly step: string;
  readonly payload: fc.Arbitrary<Payload>;
  readonly clientOf: (url: string) => Database;
  /** Puts a little stock in. */
  readonly fill: (database: Database) => Promise<unknown>;
  /** What is taken of each, in one order. */
  readonly takenIn: (transaction: Transaction) => Promise<readonly number[]>;
  readonly reserveMany: (
    commands: readonly BatchedCommand<Payload>[],
    transaction: Transaction,
  ) => Promise<readonly (object | CommandRejected)[]>;
  readonly cancelMany: (
    commands: readonly BatchedCommand<object>[],
    transaction: Transaction,
  ) => Promise<unknown>;
  readonly reserveOne: (
    payload: Payload,
    context: CommandContext,
    transaction: Transaction,
  ) => Promise<unknown>;
  readonly cancelOne: (context: CommandContext, transaction: Transaction) => Promise<unknown>;
}

type Answer = { readonly done: true } | { readonly code: string; readonly message: string };

/** Ends a transaction that is only to be looked at. */
class RolledBack extends Error {}

/** Describes that a participant's batch handlers do what handlers of one command do that are called for each in its turn. */
export function describeBothKinds<Payload extends object, Transaction, Database extends Client<Transaction>>(
  kinds: BothKinds<Payload, Transaction, Database>,
): void {
  describe(`the batch handlers of ${kinds.participant}`, () => {
    let testDatabase: TestDatabase;
    let database: Database;
    beforeAll(async () => {
      testDatabase = await createTestDatabase(kinds.participant);
      database = kinds.clientOf(testDatabase.url);
      await kinds.fill(database);
    });
    afterAll(async () => {
      await database?.$disconnect();
      await testDatabase?.drop();
    });

    /** What is answered to the commands, what is taken then, and what is left of that after some are cancelled. */
    async function outcomeOf(
      reserve: (transaction: Transaction) => Promise<Answer[]>,
      cancel: (transaction: Transaction) => Promise<unknown>,
    ): Promise<unknown> {
      let outcome: unknown;
      const work = database.$transaction(async (transaction) => {
        const answers = await reserve(transaction);
        const taken = await kinds.takenIn(transaction);
        await cancel(transaction);
        outcome = { answers, taken, left: await kinds.takenIn(transaction) };
        throw new RolledBack();
      });
      await expect(work).rejects.toThrow(RolledBack);
      return outcome;
    }

    it('answer, take and give back what handlers of one command do, called for each in its turn', async () => {
      const wish = fc.record({ payload: kinds.payload, isCancelled: fc.boolean() });
      await fc.assert(
        fc.asyncProperty(fc.array(wish, { minLength: 1, maxLength: 30 }), async (wishes) => {
          const batch = wishes.map(({ payload }) => ({ payload, context: newBooking(kinds.step) }));
          const cancelled = batch.filter((_, index) => wishes[index]!.isCancelled);
          const together = await outcomeOf(
            async (transaction) => (await kinds.reserveMany(batch, transaction)).map(answerOf),
            (transaction) => kinds.cancelMany(cancelled, transaction),
          );
          const singly = await outcomeOf(
            async (transaction) => {
              const answers: Answer[] = [];
              for (const { payload, context } of batch)
                answers.push(
                  await kinds.reserveOne(payload, context, transaction).then(answerOf, (error: unknown) => {
                    if (!(error instanceof CommandRejected)) throw error;
                    return answerOf(error);
                  }),
                );
              return answers;
            },
            async (transaction) => {
              for (const { context } of cancelled) await kinds.cancelOne(context, transaction);
            },
          );
          expect(together).toEqual(singly);
        }),
        { numRuns: 40 },
      );
    });

    it('never wait in a circle with those of another process that takes and gives back the same', async () => {
      const others = [1, 2, 3].map(() => kinds.clientOf(testDatabase.url));
      const batchOf = (seed: number) =>
        fc
          .sample(kinds.payload, { numRuns: 12, seed })
          .map((payload) => ({ payload, context: newBooking(kinds.step) }));
      // Each in orders of its own, and one batch is given back while the next is taken: PostgreSQL would end a circle with an error.
      const takeAndGiveBack = async (client: Database, seed: number) => {
        let given: readonly BatchedCommand<Payload>[] = [];
        for (let round = 0; round < 15; round++) {
          const batch = batchOf(1_000 * seed + round);
          const back = given;
          await Promise.all([
            client.$transaction((transaction) => kinds.reserveMany(batch, transaction)),
            client.$transaction((transaction) => kinds.cancelMany(back, transaction)),
          ]);
          given = batch;
        }
        await client.$transaction((transaction) => kinds.cancelMany(given, transaction));
      };
      try {
        await Promise.all([database, ...others].map((client, seed) => takeAndGiveBack(client, seed)));
        const taken = await database.$transaction((transaction) => kinds.takenIn(transaction));
        expect(taken.filter((count) => count !== 0)).toEqual([]);
      } finally {
        await Promise.all(others.map((client) => client.$disconnect()));
      }
    });
  });
}

function answerOf(answer: unknown): Answer {
  if (!(answer instanceof CommandRejected)) return { done: true };
  const { code, message } = answer;
  return { code, message };
}

function newBooking(step: string): CommandContext {
  return { sagaId: randomUUID(), step } as CommandContext;
}
