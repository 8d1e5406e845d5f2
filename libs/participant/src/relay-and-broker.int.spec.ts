import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PrismaPg } from '@prisma/adapter-pg';
import type { Delivery } from '@clew/broker';
import { insertOutbox, outboxMessage, Relay } from '@clew/outbox';
import { deleteTopology, RabbitConsumer, RabbitPublisher } from '@clew/rabbitmq';
import { createTestDatabase, eventually, type TestDatabase } from '@clew/testing';
import { PrismaClient } from '../../../apps/flights/src/database/client/client.js';

const logger = { log: () => undefined, warn: () => undefined, error: () => undefined };

describe('the relay with a real broker', () => {
  const url = process.env['CLEW_TEST_AMQP_URL']!;
  const namespace = `clew-test-${randomUUID()}`;
  const known = { namespace, queues: ['known'] };
  const late = { namespace, queues: ['known', 'late'] };
  const received: Delivery[] = [];
  let testDatabase: TestDatabase;
  let database: PrismaClient;
  let closers: (() => Promise<unknown>)[];

  beforeEach(async () => {
    testDatabase = await createTestDatabase('flights');
    database = new PrismaClient({ adapter: new PrismaPg({ connectionString: testDatabase.url }) });
    closers = [];
  });

  afterEach(async () => {
    for (const close of closers.reverse()) await close();
    await deleteTopology(url, late);
    await database.$disconnect();
    await testDatabase.drop();
  });

  function publisher(topology: typeof known): RabbitPublisher {
    const created = new RabbitPublisher({ url, topology, logger });
    created.start();
    closers.push(() => created.close());
    return created;
  }

  async function consume(topology: typeof known, queue: string): Promise<void> {
    const consumer: RabbitConsumer = new RabbitConsumer({
      url,
      topology,
      queue,
      prefetch: 10,
      logger,
      publisher: publisher(topology),
      onDelivery: (delivery) => {
        received.push(delivery);
        consumer.ack([delivery]);
      },
    });
    closers.push(() => consumer.close());
    await consumer.start();
  }

  it('gets messages there whole, and keeps those for a queue that is yet to come', async () => {
    const message = (destination: string) =>
      outboxMessage({
        destination,
        messageId: `to ${destination}`,
        correlationId: randomUUID(),
        type: 'flights.reserve',
        replyTo: 'known',
        headers: { saga: 'trip-booking', epoch: 0 },
        payload: '{"name":"Zoë"}',
      });
    const [toKnown, toLate] = [message('known'), message('late')];
    await consume(known, 'known');
    await insertOutbox(database, [toKnown, toLate], 0);
    const relay = new Relay({ database, publisher: publisher(known), logger, sweepEveryMs: 50 });
    relay.start();
    closers.push(() => relay.stop());

    await eventually(async () => (await database.outbox.count()) === 1);
    expect(received).toHaveLength(1);
    const { messageId, correlationId, type, replyTo, headers } = toKnown;
    expect(received[0]).toMatchObject({ messageId, correlationId, type, replyTo, headers });
    expect(received[0]?.content.toString()).toBe(toKnown.payload);

    await consume(late, 'late');
    await eventually(async () => {
      await database.$executeRawUnsafe('UPDATE outbox SET lease_until = now()');
      return received.length === 2;
    });
    expect(received[1]?.messageId).toBe(toLate.messageId);
    await eventually(async () => (await database.outbox.count()) === 0);
  });
});
