import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PrismaPg } from '@prisma/adapter-pg';
import { replyMessage, type Answer } from '@clew/envelope';
import { DatabaseFault, insertOutbox, outboxMessage, sqlState, type OutboxMessage } from '@clew/outbox';
import { createTestDatabase, type TestDatabase } from '@clew/testing';
import { PrismaClient } from '../../../apps/flights/src/database/client/client.js';
import type { CommandHandlers } from './command-handlers.js';
import { CommandTransaction } from './command-transaction.js';
import type { ReceivedCommand } from './received-command.js';

describe('the transaction of a batch', () => {
  let testDatabase: TestDatabase;
  let database: PrismaClient;
  let published: OutboxMessage[];
  let confirmed: string[];

  beforeEach(async () => {
    testDatabase = await createTestDatabase('flights');
    database = new PrismaClient({ adapter: new PrismaPg({ connectionString: testDatabase.url }) });
    published = [];
    confirmed = [];
  });

  afterEach(async () => {
    await database.$disconnect();
    await testDatabase.drop();
  });

  function run(invoke: CommandHandlers['invoke'], timeoutMs?: number) {
    const relay = {
      leaseMs: 60_000,
      publish: (messages: readonly OutboxMessage[]) => void published.push(...messages),
      takeConfirmed: () => confirmed.splice(0),
      giveBack: (ids: readonly string[]) => void confirmed.push(...ids),
    };
    const never = () => Promise.reject(new Error('This is for handlers of many'));
    const handlers = {
      invoke,
      takesMany: () => false,
      read: never,
      invokeMany: never,
      isPassing: () => false,
    };
    const transaction = new CommandTransaction({
      database,
      relay,
      handlers,
      ...(timeoutMs && { timeoutMs }),
    });
    return transaction.run([command()]);
  }

  async function confirmedRow(): Promise<string> {
    const row = outboxMessage({
      destination: 'orchestrator.replies',
      messageId: 'earlier',
      correlationId: randomUUID(),
      type: 'flights.reserve.reply',
      headers: {},
      payload: '{}',
    });
    await insertOutbox(database, [row], 60_000);
    confirmed.push(row.id);
    return row.id;
  }

  const outboxIds = async () => (await database.outbox.findMany()).map(({ id }) => id);

  it('deletes the rows that are confirmed, and publishes what it inserted', async () => {
    await confirmedRow();
    expect(await run(() => Promise.resolve({}))).toEqual(new Map());
    expect(published).toHaveLength(1);
    expect(await outboxIds()).toEqual(published.map(({ id }) => id));
    expect(confirmed).toEqual([]);
  });

  it('gives the ids of confirmed rows back when it fails, and publishes nothing', async () => {
    const id = await confirmedRow();
    const fault = Object.assign(new Error('away'), { code: 'ECONNRESET' });
    await expect(run(() => Promise.reject(fault))).rejects.toBe(fault);
    expect(confirmed).toEqual([id]);
    expect(await outboxIds()).toEqual([id]);
    expect(published).toEqual([]);
    expect(await database.fence.count()).toBe(0);
  });

  it('leaves no reply behind when the commit fails, neither in the outbox nor on its way', async () => {
    const id = await confirmedRow();
    await database.$executeRawUnsafe(
      'CREATE TABLE checked_late (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)',
    );
    const failure: unknown = await run(async (_command, transaction) => {
      await transaction.$executeRawUnsafe('INSERT INTO checked_late VALUES (1), (1)');
      return {};
    }).catch((error: unknown) => error);
    expect(sqlState(failure)).toBe('23505');
    expect(published).toEqual([]);
    expect(await outboxIds()).toEqual([id]);
    expect(await database.fence.count()).toBe(0);
    expect(confirmed).toEqual([id]);
  });

  it('rolls back a handler that never ends', async () => {
    const forever = new Promise<never>(() => undefined);
    await expect(run(() => forever, 300)).rejects.toBeInstanceOf(DatabaseFault);
    expect(await database.fence.count()).toBe(0);
    expect(await run(() => Promise.resolve({}))).toEqual(new Map());
  });
});

function command(): ReceivedCommand {
  const sagaId = '0192a000-0000-7000-8000-000000000000';
  const envelope = {
    commandId: `${sagaId}/flight/action/0`,
    sagaId,
    saga: 'trip-booking',
    step: 'flight',
    direction: 'action',
    epoch: 0,
    attempt: 1,
    type: 'flights.reserve',
    replyTo: 'orchestrator.replies',
  } as const;
  const answerWith = (answer: Answer) => replyMessage(envelope, answer);
  return { envelope, payload: {}, answerWith, deliveries: [], subscription: 0 };
}
