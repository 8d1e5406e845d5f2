import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ChannelModel } from 'amqplib';
import { onPlainConnection, freshTopology, take } from './broker-specs.fixture.js';
import { PrivateBroker } from './private-broker.fixture.js';
import {
  assertTopology,
  deadLetterExchangeOf,
  deadLetterQueueOf,
  deleteTopology,
  exchangeOf,
  queueOf,
  topicExchangeOf,
  type Topology,
} from './topology.js';

jest.setTimeout(60_000);

describe('the topology', () => {
  let broker: PrivateBroker;
  let topology: Topology;

  beforeAll(async () => {
    broker = await PrivateBroker.start();
  });
  afterAll(() => broker.stop());
  afterEach(() => deleteTopology(broker.url, topology));

  const declare = (wanted: Topology) =>
    onPlainConnection(broker.url, async (connection) => {
      const channel = await connection.createChannel();
      channel.on('error', () => {});
      await assertTopology(channel, wanted);
    });

  it('names everything after its namespace', () => {
    topology = { namespace: 'clew', queues: ['flights.commands'] };
    expect(exchangeOf(topology)).toBe('clew');
    expect(topicExchangeOf(topology)).toBe('clew.events');
    expect(deadLetterExchangeOf(topology)).toBe('clew.dead-letters');
    expect(queueOf(topology, 'flights.commands')).toBe('clew.flights.commands');
    expect(deadLetterQueueOf(topology, 'flights.commands')).toBe('clew.flights.commands.dead-letters');
  });

  it.each(['quorum', 'classic'] as const)(
    'may be declared any number of times at once (%s)',
    async (queueType) => {
      topology = freshTopology({
        queues: ['flights.commands', 'orchestrator.replies'],
        subscriptions: [{ queue: 'flights.commands', topics: ['trip-booking.*.compensated'] }],
        queueType,
      });
      await Promise.all([declare(topology), declare(topology), declare(topology)]);
      await declare(topology);
    },
  );

  it('refuses to be declared with other settings than it has', async () => {
    topology = freshTopology({ deliveryLimit: 3 });
    await declare(topology);
    await expect(declare({ ...topology, deliveryLimit: 4 })).rejects.toMatchObject({ code: 406 });
  });

  it('has an exchange for topics only where there are subscriptions, if only an empty list', async () => {
    topology = freshTopology();
    await declare(topology);
    const hasTopics = () => exists((channel) => channel.checkExchange(topicExchangeOf(topology)));
    expect(await hasTopics()).toBe(false);
    await declare({ ...topology, subscriptions: [] });
    expect(await hasTopics()).toBe(true);
  });

  it('makes a dead letter of a quorum message that came back too often, at least once', async () => {
    topology = freshTopology({ deliveryLimit: 3 });
    await declare(topology);
    let handedOut = 0;
    await onPlainConnection(broker.url, async (connection) => {
      await publish(connection, topology, 'poison');
      const channel = await connection.createChannel();
      await channel.consume(queueOf(topology, 'flights.commands'), (message) => {
        handedOut += 1;
        channel.nack(message!, false, true);
      });
      const [dead] = await take(broker.url, deadLetterQueueOf(topology, 'flights.commands'), 1);
      expect(dead!.content.toString()).toBe('poison');
      expect(dead!.properties.headers!['x-death']).toMatchObject([
        { reason: 'delivery_limit', queue: queueOf(topology, 'flights.commands') },
      ]);
    });
    expect(handedOut).toBe(4);
  });

  it('is deleted without touching another namespace', async () => {
    topology = freshTopology({ subscriptions: [{ queue: 'flights.commands', topics: ['#'] }] });
    const neighbour = { ...topology, namespace: `${topology.namespace}.neighbour` };
    await declare(topology);
    await declare(neighbour);
    try {
      await deleteTopology(broker.url, topology);
      await deleteTopology(broker.url, topology);
      for (const queue of [
        queueOf(topology, 'flights.commands'),
        deadLetterQueueOf(topology, 'flights.commands'),
      ])
        expect(await exists((channel) => channel.checkQueue(queue))).toBe(false);
      for (const exchange of [
        exchangeOf(topology),
        topicExchangeOf(topology),
        deadLetterExchangeOf(topology),
      ])
        expect(await exists((channel) => channel.checkExchange(exchange))).toBe(false);
      expect(await exists((channel) => channel.checkQueue(queueOf(neighbour, 'flights.commands')))).toBe(
        true,
      );
      for (const exchange of [exchangeOf(neighbour), topicExchangeOf(neighbour)])
        expect(await exists((channel) => channel.checkExchange(exchange))).toBe(true);
    } finally {
      await deleteTopology(broker.url, neighbour);
    }
  });

  type Channel = Awaited<ReturnType<ChannelModel['createChannel']>>;

  function exists(look: (channel: Channel) => Promise<unknown>): Promise<boolean> {
    return onPlainConnection(broker.url, async (connection) => {
      const channel = await connection.createChannel();
      channel.on('error', () => {});
      return look(channel).then(
        () => true,
        (error: Error & { code?: number }) => {
          if (error.code === 404) return false;
          throw error;
        },
      );
    });
  }
});

async function publish(connection: ChannelModel, topology: Topology, text: string): Promise<void> {
  const channel = await connection.createConfirmChannel();
  channel.publish(exchangeOf(topology), 'flights.commands', Buffer.from(text), {
    persistent: true,
    mandatory: true,
  });
  await channel.waitForConfirms();
}
