import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@clew/testing';
import { batch, Bench, freshTopology, idsOf, isReady, onPlainConnection } from './broker-specs.fixture.js';
import type { RabbitDelivery } from './delivery.js';
import { PrivateBroker } from './private-broker.fixture.js';
import type { RabbitPublisher } from './rabbit-publisher.js';
import { deleteTopology, queueOf } from './topology.js';

jest.setTimeout(60_000);

describe('the consumer', () => {
  let broker: PrivateBroker;
  let bench: Bench;
  let publisher: RabbitPublisher;

  beforeAll(async () => {
    broker = await PrivateBroker.start();
  });
  afterAll(() => broker.stop());
  beforeEach(async () => {
    bench = new Bench(broker.url, freshTopology());
    publisher = await bench.readyPublisher();
  });
  afterEach(async () => {
    await bench.close();
    await deleteTopology(broker.url, bench.topology);
  });

  const have = (received: RabbitDelivery[], count: number) =>
    eventually(() => received.length >= count, { describe: `${count} deliveries` });

  it('hands over what was sent, in order, with everything it came with', async () => {
    const { consumer, received } = bench.consumer({ publisher });
    await consumer.start();
    expect(consumer.subscribed).toBe(true);
    const sent = batch(10);
    await publisher.publish(sent);
    await have(received, 10);
    expect(idsOf(received)).toEqual(idsOf(sent));
    expect(received[0]).toMatchObject({
      content: Buffer.from(sent[0]!.payload),
      correlationId: 'saga-1',
      type: 'flights.reserve',
      replyTo: 'orchestrator.replies',
      headers: { step: 'flight', epoch: 0 },
      redelivered: false,
      queue: 'flights.commands',
    });
  });

  it('acks exactly what it was told to: the rest comes again', async () => {
    const first = bench.consumer({ publisher });
    await first.consumer.start();
    const sent = batch(8);
    await publisher.publish(sent);
    await have(first.received, 8);
    const [a, b, c, d, e, f, g, h] = first.received as [
      RabbitDelivery,
      RabbitDelivery,
      RabbitDelivery,
      RabbitDelivery,
      RabbitDelivery,
      RabbitDelivery,
      RabbitDelivery,
      RabbitDelivery,
    ];
    first.consumer.ack([b, a]);
    first.consumer.ack([d, f]);
    first.consumer.ack([d, a]); // Twice.
    first.consumer.ack([c]);
    first.consumer.ack([]);
    await first.consumer.close();

    const second = bench.consumer({ publisher });
    await second.consumer.start();
    await have(second.received, 3);
    expect(idsOf(second.received)).toEqual(idsOf([e, g, h]));
    expect(second.received.every(({ redelivered }) => redelivered)).toBe(true);
  });

  it('has no more than its prefetch unacked', async () => {
    const { consumer, received } = bench.consumer({ publisher, prefetch: 5 });
    await publisher.publish(batch(20));
    await consumer.start();
    await have(received, 5);
    consumer.ack(received.slice(0, 2));
    await have(received, 7);
    await onPlainConnection(broker.url, async (connection) => {
      const channel = await connection.createChannel();
      const { messageCount } = await channel.checkQueue(queueOf(bench.topology, 'flights.commands'));
      expect(messageCount).toBe(13);
    });
    expect(received).toHaveLength(7);
  });

  it('comes back when its queue is deleted under it', async () => {
    let lost = 0;
    const { consumer, received } = bench.consumer({ publisher, onLost: () => (lost += 1) });
    await consumer.start();
    await onPlainConnection(broker.url, async (connection) => {
      await (await connection.createChannel()).deleteQueue(queueOf(bench.topology, 'flights.commands'));
    });
    await eventually(() => lost === 1, { describe: 'the loss to be noticed' });
    await eventually(() => consumer.subscribed, { describe: 'a new subscription' });
    await publisher.publish(batch(3));
    await have(received, 3);
  });

  it('opens a channel anew that the broker has closed, and voids what came by the old one', async () => {
    let lost = 0;
    let copies = 0;
    const { consumer, received } = bench.consumer({
      publisher: {
        publishDeadLetter: async (delivery, reason) => {
          copies += 1;
          return publisher.publishDeadLetter(delivery, reason);
        },
      },
      onLost: () => (lost += 1),
    });
    await consumer.start();
    await publisher.publish(batch(2));
    await have(received, 2);
    const [first, second] = received.splice(0) as [RabbitDelivery, RabbitDelivery];
    consumer.ack([{ ...first, origin: { ...first.origin, tag: 999 } }]); // Costs the channel: 406.
    await eventually(() => lost === 1, { describe: 'the loss to be noticed' });
    await have(received, 2);
    consumer.ack([first, second]); // Of the old channel: says nothing on the new one.
    await consumer.park(second, 'of the old channel');
    expect(copies).toBe(0);
    expect(consumer.subscribed).toBe(true);
    await consumer.close();

    const after = bench.consumer({ publisher });
    await after.consumer.start();
    await have(after.received, 2);
    expect(idsOf(after.received)).toEqual(idsOf([first, second]));
    expect(lost).toBe(2);
    expect(bench.logger.matching(/unknown delivery tag 999/)).toHaveLength(1);
    expect(bench.logger.matching(/bug/)).toEqual([]);
  });

  it('hands over nothing more from the moment it is stopped, not even what has come already', async () => {
    await publisher.publish(batch(100));
    const { consumer, received } = bench.consumer({
      publisher,
      onDelivery: (delivery) => {
        received.push(delivery);
        void consumer.stop();
      },
    });
    await consumer.start();
    await have(received, 1);
    await consumer.stop();
    expect(consumer.subscribed).toBe(false);
    await consumer.close();
    expect(received).toHaveLength(1);

    const other = bench.consumer({ publisher, prefetch: 200 });
    await other.consumer.start();
    await have(other.received, 100);
  });

  it('leaves to others what comes after it was stopped, and still acks what it has', async () => {
    const { consumer, received } = bench.consumer({ publisher });
    await consumer.start();
    await publisher.publish(batch(2));
    await have(received, 2);
    await Promise.all([consumer.stop(), consumer.stop()]);

    const other = bench.consumer({ publisher });
    await other.consumer.start();
    const late = batch(20);
    await publisher.publish(late);
    await have(other.received, 20);
    expect(idsOf(other.received)).toEqual(idsOf(late));

    consumer.ack(received.slice(0, 1));
    await consumer.close();
    await have(other.received, 21);
    expect(other.received[20]!.messageId).toBe(received[1]!.messageId);
  });

  it('goes on trying to start, and resolves when it is closed before it could', async () => {
    const { consumer } = bench.consumer({ publisher, url: 'amqp://127.0.0.1:9' });
    const started = consumer.start();
    await eventually(() => bench.logger.matching(/Nothing answers for .*:9,/).length > 0, {
      describe: 'a first try',
    });
    expect(consumer.subscribed).toBe(false);
    await consumer.close();
    await started;
    await consumer.start();
    expect(consumer.subscribed).toBe(false);
  });

  it('refuses options that can not be right', () => {
    expect(() => bench.consumer({ publisher, queue: 'unknown' })).toThrow(/"unknown" is not in the topology/);
    expect(() => bench.consumer({ publisher, prefetch: 0 })).toThrow(/prefetch must be a whole number/);
    expect(() => bench.consumer({ publisher, url: 'nonsense' })).toThrow(TypeError);
  });

  it('leaves no socket and no timer behind when publisher and consumer are closed', async () => {
    const before = resources();
    const other = new Bench(broker.url, bench.topology);
    const mine = await other.readyPublisher();
    const { consumer, received } = other.consumer({ publisher: mine });
    await consumer.start();
    await mine.publish(batch(50));
    await have(received, 50);
    expect(resources().sockets).toBe(before.sockets + 2);
    consumer.ack(received);
    await other.close();
    await eventually(() => resources().sockets === before.sockets && resources().timers <= before.timers, {
      describe: 'everything to be gone',
      within: 3_000, // Sooner than any of the timers would have run out.
    });
    await isReady(publisher);
  });
});

function resources(): { sockets: number; timers: number } {
  const active = process.getActiveResourcesInfo();
  const count = (kind: string) => active.filter((each) => each === kind).length;
  return { sockets: count('TCPSocketWrap'), timers: count('Timeout') };
}
