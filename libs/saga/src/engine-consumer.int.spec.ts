import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { connect, type Channel, type ChannelModel } from 'amqplib';
import { replyMessage } from '@clew/envelope';
import { deleteTopology, queueOf, RabbitConsumer, RabbitPublisher } from '@clew/rabbitmq';
import { eventually } from '@clew/testing';
import { EngineConsumer } from './engine-consumer.js';
import { EngineBench, order } from './engine-bench.fixture.js';
import { workOfReply } from './reply-work.js';

const REPLIES = 'orchestrator.replies';
const logger = { log: () => undefined, warn: () => undefined, error: () => undefined };

/** For a transaction in which the spec waits. */
const PATIENT = { timeout: 20_000 };

describe('a queue that feeds the engine', () => {
  const url = process.env['CLEW_TEST_AMQP_URL']!;
  const topology = { namespace: `clew-test-${randomUUID()}`, queues: [REPLIES] };
  let bench: EngineBench;
  let connection: ChannelModel;
  let channel: Channel;
  let publisher: RabbitPublisher;
  let consumers: RabbitConsumer[];

  beforeAll(async () => {
    bench = await EngineBench.open();
    connection = await connect(url);
    channel = await connection.createChannel();
    publisher = new RabbitPublisher({ url, topology, logger });
    publisher.start();
    await eventually(() => publisher.ready);
  });
  beforeEach(() => void (consumers = []));
  afterEach(async () => {
    for (const consumer of consumers) await consumer.close();
    await bench.clear();
  });
  afterAll(async () => {
    await publisher.close();
    await connection.close();
    await deleteTopology(url, topology);
    await bench.close();
  });

  /** A process with an engine that takes replies from the queue. */
  async function orchestrator() {
    const made = bench.orchestrator();
    const consumer: RabbitConsumer = new RabbitConsumer({
      ...{ url, topology, logger, publisher, queue: REPLIES, prefetch: 10 },
      onDelivery: (delivery) => feed.handle(delivery),
    });
    const feed = new EngineConsumer(made.engine, () => consumer, workOfReply);
    consumers.push(consumer);
    await consumer.start();
    return { ...made, consumer };
  }

  /** What the broker would deliver again, now that nobody consumes. */
  const left = async () => (await channel.checkQueue(queueOf(topology, REPLIES))).messageCount;

  async function answer(sagaId: string): Promise<void> {
    const key = { step: 'first', direction: 'action', epoch: 0 } as const;
    const command = {
      ...key,
      ...{ commandId: `${sagaId}/first/action/0`, sagaId, saga: 'order', attempt: 1 },
      ...{ type: 'shop.book', replyTo: REPLIES },
    };
    const { confirmed } = await publisher.publish([replyMessage(command, { outcome: 'done', body: {} })]);
    expect(confirmed).toHaveLength(1);
  }

  it('is rid of a message when the transition that it caused is committed', async () => {
    const { sagas, consumer } = await orchestrator();
    const { id } = await sagas.start(order, { what: 'tea' });
    await answer(id);
    await eventually(async () => (await sagas.find(id))?.revision === 2);
    await consumer.close();
    expect(await left()).toBe(0);
  });

  it('keeps a message until then, so that it comes again to another process if this one dies before', async () => {
    const { sagas, consumer } = await orchestrator();
    const { id } = await sagas.start(order, { what: 'tea' });
    await bench.prisma.$transaction(async (other) => {
      await other.$queryRawUnsafe('SELECT FROM saga_instance WHERE id = $1::uuid FOR UPDATE', id);
      await answer(id);
      await eventually(
        async () => {
          const [{ waiting }] = await bench.prisma.$queryRawUnsafe<[{ waiting: number }]>(
            `SELECT count(*)::int AS waiting FROM pg_stat_activity
             WHERE datname = current_database() AND wait_event_type = 'Lock'`,
          );
          return waiting === 1;
        },
        { describe: 'a commit that waits' },
      );
      await consumer.close();
      await eventually(async () => (await left()) === 1, {
        within: 5_000,
        describe: 'the message to be back',
      });
    }, PATIENT);
    const second = await orchestrator();
    await eventually(async () => (await sagas.find(id))?.revision === 2);
    await eventually(async () => (await left()) === 0);
    await second.consumer.close();
    expect(await left()).toBe(0);
    expect((await sagas.find(id))?.revision).toBe(2);
  });
});
