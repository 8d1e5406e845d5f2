import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@clew/testing';
import { batch, Bench, freshTopology, idsOf, isReady } from './broker-specs.fixture.js';
import { PrivateBroker } from './private-broker.fixture.js';
import { queueOf } from './topology.js';

jest.setTimeout(120_000);

describe('a broker that is killed and started again', () => {
  let broker: PrivateBroker;
  let bench: Bench;

  beforeAll(async () => {
    broker = await PrivateBroker.start();
  });
  afterAll(() => broker.stop());
  afterEach(() => bench.close());

  it.each(['quorum', 'classic'] as const)(
    'has what it had confirmed (%s), and work goes on',
    async (queueType) => {
      bench = new Bench(broker.url, freshTopology({ queueType }));
      let lost = 0;
      const publisher = await bench.readyPublisher();
      const { consumer, received } = bench.consumer({ publisher, prefetch: 50, onLost: () => (lost += 1) });
      await consumer.start();
      if (queueType === 'quorum')
        await broker.quorumQueueIsOnDisk(queueOf(bench.topology, 'flights.commands'));

      const before = batch(1_000);
      expect((await publisher.publish(before)).confirmed).toHaveLength(1_000);
      await eventually(() => received.length === 50, {
        describe: 'as many deliveries as the prefetch allows',
      });
      const underWay = publisher.publish(batch(5_000));
      await broker.kill9();

      const { confirmed, failed, returned } = await underWay;
      expect(confirmed.length + failed.length).toBe(5_000);
      expect(returned).toEqual([]);
      await eventually(() => !publisher.ready && !consumer.subscribed, { describe: 'both to notice' });
      expect(lost).toBe(1);
      const startedAt = performance.now();
      expect((await publisher.publish(batch(10))).failed).toHaveLength(10);
      expect(performance.now() - startedAt).toBeLessThan(50);
      consumer.ack(received.splice(0)); // Too late to count.

      await broker.restart();
      await isReady(publisher);
      const after = batch(100);
      expect((await publisher.publish(after)).confirmed).toHaveLength(100);

      const promised = new Set(idsOf([...before, ...confirmed, ...after]));
      await eventually(
        () => {
          const deliveries = received.splice(0);
          consumer.ack(deliveries);
          for (const { messageId } of deliveries) promised.delete(messageId);
          return promised.size === 0;
        },
        { describe: 'every confirmed message to be delivered', within: 60_000, every: 5 },
      );
      expect(consumer.subscribed).toBe(true);
    },
  );

  it('says so when it is stopped in good order, and both are there again when it is', async () => {
    bench = new Bench(broker.url, freshTopology());
    const publisher = await bench.readyPublisher();
    const { consumer, received } = bench.consumer({ publisher });
    await consumer.start();
    await broker.quorumQueueIsOnDisk(queueOf(bench.topology, 'flights.commands'));
    await broker.control('stop_app');
    await eventually(() => bench.logger.matching(/closed the connection \(320\)/).length === 2, {
      describe: 'both to say that the broker closed the connection',
    });
    await broker.control('start_app');
    await isReady(publisher);
    await eventually(() => consumer.subscribed, { describe: 'a new subscription', within: 30_000 });
    await publisher.publish(batch(2));
    await eventually(() => received.length === 2, { describe: 'two deliveries' });
  });
});
