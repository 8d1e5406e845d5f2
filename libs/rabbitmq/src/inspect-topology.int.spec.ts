import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connect, type Channel, type ChannelModel } from 'amqplib';
import { inspectTopology } from './inspect-topology.js';
import { assertTopology, deadLetterQueueOf, deleteTopology, queueOf, type Topology } from './topology.js';

const url = process.env['CLEW_TEST_AMQP_URL']!;
let topology: Topology;
let connection: ChannelModel;
let channel: Channel;

beforeEach(async () => {
  topology = {
    namespace: `inspect_${randomBytes(5).toString('hex')}`,
    queues: ['flights.commands', 'flights.facts'],
    subscriptions: [{ queue: 'flights.facts', topics: ['trip-booking.#'] }],
  };
  connection = await connect(url);
  channel = await connection.createChannel();
  await assertTopology(channel, topology);
});

afterEach(async () => {
  await connection.close();
  await deleteTopology(url, topology);
});

describe('looking at a topology', () => {
  it('tells the broker, and what is in its queues', async () => {
    channel.sendToQueue(deadLetterQueueOf(topology, 'flights.commands'), Buffer.from('{}'));
    await channel.consume(queueOf(topology, 'flights.commands'), () => undefined);
    const { broker, queues, problems } = await inspectTopology(url, topology);
    expect(broker).toMatch(/^RabbitMQ \d+\.\d+/);
    expect(problems).toEqual([]);
    const [commands, deadLetters] = queues;
    expect([queues.length, commands!.consumers, deadLetters!.messages]).toEqual([4, 1, 1]);
    expect(deadLetters!.isForDeadLetters).toBe(true);
  });

  it('finds a queue that is missing, and makes none', async () => {
    const name = queueOf(topology, 'flights.commands');
    await channel.deleteQueue(name);
    for (const _time of ['once', 'again'])
      expect((await inspectTopology(url, topology)).problems).toEqual([
        expect.stringContaining(`There is no queue ${name}:`),
      ]);
  });

  it('finds a queue of another type or with other arguments', async () => {
    const name = queueOf(topology, 'flights.commands');
    await channel.deleteQueue(name);
    await channel.assertQueue(name, { durable: true, arguments: { 'x-queue-type': 'classic' } });
    const other = { ...topology, deliveryLimit: 7 };
    const { problems } = await inspectTopology(url, other);
    expect(problems).toHaveLength(2);
    expect(problems[0]).toContain(`The queue ${name} has another type or other arguments`);
  });

  it('finds an exchange that is missing', async () => {
    await channel.deleteExchange(topology.namespace);
    const { problems } = await inspectTopology(url, topology);
    expect(problems[0]).toContain(`There is no exchange ${topology.namespace}:`);
  });

  it('rejects with a sentence when the broker is not there', async () => {
    await expect(inspectTopology('amqp://127.0.0.1:1', topology)).rejects.toThrow('is it running?');
  });
});
