import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@clew/testing';
import {
  batch,
  Bench,
  freshTopology,
  idsOf,
  message,
  onPlainConnection,
  take,
} from './broker-specs.fixture.js';
import { PrivateBroker } from './private-broker.fixture.js';
import { deadLetterQueueOf, deleteTopology, queueOf, topicExchangeOf, type Topology } from './topology.js';

jest.setTimeout(60_000);

const succeeded = (step: string) => ({ destination: `trip.${step}.succeeded`, topic: true }) as const;

describe('a topic', () => {
  let broker: PrivateBroker;
  let bench: Bench;

  beforeAll(async () => {
    broker = await PrivateBroker.start();
  });
  afterAll(() => broker.stop());
  afterEach(async () => {
    await bench.close();
    await deleteTopology(broker.url, bench.topology);
  });

  const queueNamed = (logical: string) => queueOf(bench.topology, logical);
  const receivedBy = async (queue: string, count: number) =>
    idsOf((await take(broker.url, queueNamed(queue), count)).map(({ properties }) => properties));
  const depthOf = (queue: string) =>
    onPlainConnection(broker.url, async (connection) => {
      const channel = await connection.createChannel();
      return (await channel.checkQueue(queueNamed(queue))).messageCount;
    });

  /** `flights` and `cars` hear of hotels, `cars` of every undo besides; `hotels` has no topic. */
  function trip(changes: Partial<Topology> = {}): Bench {
    return new Bench(
      broker.url,
      freshTopology({
        queues: ['flights', 'hotels', 'cars'],
        subscriptions: [
          { queue: 'flights', topics: ['trip.hotel.succeeded'] },
          { queue: 'cars', topics: ['trip.hotel.succeeded', 'trip.*.compensated'] },
        ],
        ...changes,
      }),
    );
  }

  describe('that queues have subscribed to', () => {
    beforeEach(() => void (bench = trip()));

    it('brings its messages into each of them, and into no other', async () => {
      const publisher = await bench.readyPublisher();
      const sent = batch(3, succeeded('hotel'));
      expect(await publisher.publish(sent)).toEqual({ confirmed: sent, returned: [], failed: [] });
      expect(await receivedBy('flights', 3)).toEqual(idsOf(sent));
      expect(await receivedBy('cars', 3)).toEqual(idsOf(sent));
      expect(await depthOf('hotels')).toBe(0);
    });

    it('is found by a pattern, and once by a queue however many of its patterns cover it', async () => {
      bench = trip({
        subscriptions: [{ queue: 'cars', topics: ['trip.*.compensated', 'trip.#', 'trip.flight.*'] }],
      });
      const publisher = await bench.readyPublisher();
      const sent = [
        message({ destination: 'trip.flight.compensated', topic: true }),
        message({ destination: 'trip', topic: true }),
      ];
      expect((await publisher.publish(sent)).confirmed).toEqual(sent);
      expect(await receivedBy('cars', 2)).toEqual(idsOf(sent));
      expect(await depthOf('cars')).toBe(0);
    });

    it('is no name of a queue, nor the name of a queue a topic', async () => {
      const publisher = await bench.readyPublisher();
      const asTopic = message({ destination: 'flights', topic: true });
      const asQueue = message({ destination: 'trip.hotel.succeeded' });
      expect(await publisher.publish([asTopic, asQueue])).toEqual({
        confirmed: [],
        returned: [asTopic, asQueue],
        failed: [],
      });
    });

    it('returns what nobody has subscribed to, and confirms the rest', async () => {
      const publisher = await bench.readyPublisher();
      const known = message(succeeded('hotel'));
      const unknown = message(succeeded('car'));
      const result = await publisher.publish([unknown, known]);
      expect(result).toEqual({ confirmed: [known], returned: [unknown], failed: [] });
      expect(bench.logger.matching(/^error No queue takes messages for "trip.car.succeeded"/)).toHaveLength(
        1,
      );
    });

    it('is subscribed to again after someone has undone that', async () => {
      const publisher = await bench.readyPublisher();
      await onPlainConnection(broker.url, async (connection) => {
        const channel = await connection.createChannel();
        await channel.unbindQueue(queueNamed('cars'), topicExchangeOf(bench.topology), 'trip.*.compensated');
      });
      const undone = { destination: 'trip.flight.compensated', topic: true } as const;
      expect((await publisher.publish([message(undone)])).returned).toHaveLength(1);
      await eventually(async () => (await publisher.publish([message(undone)])).confirmed.length === 1, {
        describe: 'the binding to be there again',
      });
    });

    it('leaves its name on a message that is parked', async () => {
      const publisher = await bench.readyPublisher();
      const { consumer, received } = bench.consumer({ publisher, queue: 'cars' });
      await consumer.start();
      await publisher.publish([message(succeeded('hotel'))]);
      await eventually(() => received.length === 1, { describe: 'a delivery' });
      await consumer.park(received[0]!, 'No handler.');
      const [parked] = await take(broker.url, deadLetterQueueOf(bench.topology, 'cars'), 1);
      expect(parked!.fields.routingKey).toBe('cars');
      expect(parked!.properties.headers).toMatchObject({ 'x-clew-routing-key': 'trip.hotel.succeeded' });
    });
  });

  it('has its message confirmed only when every one of its queues has it', async () => {
    bench = trip({ queueType: 'classic' }); // Its limit is exact.
    const publisher = await bench.readyPublisher();
    const cars = queueNamed('cars');
    await broker.control(
      'set_policy',
      'full',
      `^${cars.replaceAll('.', '\\.')}$`,
      '{"max-length":1,"overflow":"reject-publish"}',
    );
    try {
      // A policy takes a moment to be in force.
      await eventually(
        async () => (await publisher.publish([message({ destination: 'cars' })])).failed.length === 1,
        {
          describe: 'a full queue',
        },
      );
      const sent = message(succeeded('hotel'));
      expect((await publisher.publish([sent])).failed).toEqual([sent]);
      expect(await receivedBy('flights', 1)).toEqual([sent.messageId]);
    } finally {
      await broker.control('clear_policy', 'full');
    }
  });

  it('can be published to by a program without subscriptions of its own', async () => {
    bench = trip();
    await bench.readyPublisher();
    const { namespace } = bench.topology;
    const publisher = await bench.readyPublisher({ topology: { namespace, queues: [], subscriptions: [] } });
    const [sent, lost] = [message(succeeded('hotel')), message(succeeded('car'))];
    expect(await publisher.publish([sent, lost])).toEqual({
      confirmed: [sent],
      returned: [lost],
      failed: [],
    });
  });

  it('is out of reach for a program without topics, which fails its message alone', async () => {
    bench = trip();
    await bench.readyPublisher();
    const publisher = await bench.readyPublisher({
      topology: { ...bench.topology, subscriptions: undefined },
    });
    const [toTopic, toQueue] = [message(succeeded('hotel')), message({ destination: 'hotels' })];
    expect(await publisher.publish([toTopic, toQueue])).toEqual({
      confirmed: [toQueue],
      returned: [],
      failed: [toTopic],
    });
    expect(bench.logger.matching(/can't be sent, now or ever: topics need subscriptions/)).toHaveLength(1);
  });

  it('is nothing that a queue which nobody declares can subscribe to', async () => {
    bench = trip({ subscriptions: [{ queue: 'boats', topics: ['trip.#'] }] });
    expect(() => bench.publisher()).toThrow(RangeError);
    const publisher = { publishDeadLetter: async () => true };
    expect(() => bench.consumer({ publisher, queue: 'cars' })).toThrow(/"boats" subscribes to topics/);
  });
});
