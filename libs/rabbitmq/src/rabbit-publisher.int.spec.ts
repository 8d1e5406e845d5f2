import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@clew/testing';
import {
  batch,
  Bench,
  freshTopology,
  isReady,
  message,
  onPlainConnection,
  SilentNetwork,
  take,
} from './broker-specs.fixture.js';
import { PrivateBroker } from './private-broker.fixture.js';
import { deleteTopology, queueOf } from './topology.js';

jest.setTimeout(60_000);

describe('the publisher', () => {
  let broker: PrivateBroker;
  let bench: Bench;
  let queue: string;

  beforeAll(async () => {
    broker = await PrivateBroker.start();
  });
  afterAll(() => broker.stop());
  beforeEach(() => {
    bench = new Bench(broker.url, freshTopology());
    queue = queueOf(bench.topology, 'flights.commands');
  });
  afterEach(async () => {
    await bench.close();
    await deleteTopology(broker.url, bench.topology);
  });

  it('confirms what is in the queue, with all properties and unchanged', async () => {
    const publisher = await bench.readyPublisher();
    const sent = message({ payload: '{"name":"Ада"}' });
    const result = await publisher.publish([sent]);
    expect(result).toEqual({ confirmed: [sent], returned: [], failed: [] });
    expect(result.confirmed[0]).toBe(sent);

    const [received] = await take(broker.url, queue, 1);
    expect(received!.content.toString()).toBe('{"name":"Ада"}');
    expect(received!.properties).toMatchObject({
      deliveryMode: 2,
      contentType: 'application/json',
      messageId: sent.messageId,
      correlationId: 'saga-1',
      type: 'flights.reserve',
      replyTo: 'orchestrator.replies',
      headers: { step: 'flight', epoch: 0 },
    });
    expect(Math.abs(received!.properties.timestamp - Date.now() / 1_000)).toBeLessThan(60);
  });

  it('returns what no queue takes, confirms the rest, and says so once', async () => {
    const publisher = await bench.readyPublisher();
    const known = batch(3);
    const unknown = batch(2, { destination: 'nowhere' });
    const result = await publisher.publish([known[0]!, unknown[0]!, known[1]!, unknown[1]!, known[2]!]);
    expect(result).toEqual({ confirmed: known, returned: unknown, failed: [] });
    await publisher.publish(batch(5, { destination: 'nowhere' }));
    expect(bench.logger.matching(/^error No queue takes messages for "nowhere"/)).toHaveLength(1);
  });

  it('tells messages with one id apart by their destination, in several calls at once', async () => {
    const publisher = await bench.readyPublisher();
    const results = await Promise.all([
      publisher.publish([message({ messageId: 'same' }), message({ messageId: 'same' })]),
      publisher.publish([message({ messageId: 'same', destination: 'nowhere' })]),
      publisher.publish([message({ messageId: 'same' })]),
    ]);
    const counts = results.map(({ confirmed, returned }) => [confirmed.length, returned.length]);
    expect(counts).toEqual([
      [2, 0],
      [0, 1],
      [1, 0],
    ]);
  });

  it('declares a queue again that someone has deleted', async () => {
    const publisher = await bench.readyPublisher();
    await onPlainConnection(broker.url, async (connection) => {
      await (await connection.createChannel()).deleteQueue(queue);
    });
    expect((await publisher.publish([message()])).returned).toHaveLength(1);
    await eventually(async () => (await publisher.publish([message()])).confirmed.length === 1, {
      describe: 'the queue to be there again',
    });
  });

  it('fails at once before it is connected, and after it was closed', async () => {
    const publisher = bench.publisher();
    const sent = batch(2);
    expect(await publisher.publish(sent)).toEqual({ confirmed: [], returned: [], failed: sent });
    publisher.start();
    await isReady(publisher);
    const underWay = publisher.publish(batch(1));
    await publisher.close();
    const { confirmed, failed } = await underWay;
    expect(confirmed.length + failed.length).toBe(1);
    expect(publisher.ready).toBe(false);
    expect((await publisher.publish(sent)).failed).toEqual(sent);
  });

  it('has nothing to say of no messages', async () => {
    const publisher = await bench.readyPublisher();
    expect(await publisher.publish([])).toEqual({ confirmed: [], returned: [], failed: [] });
  });

  it('fails alone the message that can never be sent', async () => {
    const publisher = await bench.readyPublisher({ maxMessageBytes: 1_000 });
    const [first, last] = batch(2);
    const tooLong = message({ payload: JSON.stringify('x'.repeat(1_000)) });
    const oddType = message({ type: 'x'.repeat(300) });
    const noPayload = message({ payload: undefined as unknown as string });
    expect(await publisher.publish([first!, tooLong, oddType, noPayload, last!])).toEqual({
      confirmed: [first, last],
      returned: [],
      failed: [tooLong, oddType, noPayload],
    });
    expect(bench.logger.matching(/^error Message .* can't be sent, now or ever/)).toHaveLength(3);
  });

  it('carries a body of 20 MB', async () => {
    const publisher = await bench.readyPublisher({ maxMessageBytes: 32 * 1024 * 1024 });
    const payload = JSON.stringify('x'.repeat(20_000_000));
    expect((await publisher.publish([message({ payload })])).confirmed).toHaveLength(1);
    const [received] = await take(broker.url, queue, 1);
    expect(received!.content.equals(Buffer.from(payload))).toBe(true);
  });

  it('sends and has consumed a burst of 20,000 messages, with bounded numbers of them under way', async () => {
    const publisher = await bench.readyPublisher({ maxInFlight: 300 });
    const { consumer, received } = bench.consumer({ publisher, prefetch: 400 });
    await consumer.start();
    let acked = 0;
    let mostUnacked = 0;
    const ids = new Set<string>();
    const consumed = eventually(
      () => {
        mostUnacked = Math.max(mostUnacked, received.length);
        const deliveries = received.splice(0);
        consumer.ack(deliveries);
        for (const { messageId } of deliveries) ids.add(messageId!);
        acked += deliveries.length;
        return ids.size === 20_000;
      },
      { describe: '20,000 messages', within: 50_000, every: 1 },
    );

    const sent = batch(20_000);
    let mostInFlight = 0;
    const watch = setInterval(() => (mostInFlight = Math.max(mostInFlight, publisher.inFlight)), 1);
    const results = await Promise.all([
      publisher.publish(sent.slice(0, 500)),
      publisher.publish(sent.slice(500, 15_000)),
      publisher.publish(sent.slice(15_000)),
    ]);
    clearInterval(watch);
    expect(results.flatMap(({ confirmed }) => confirmed)).toEqual(sent);
    await consumed;
    expect(acked).toBe(20_000);
    expect(mostInFlight).toBeGreaterThan(100);
    expect(mostInFlight).toBeLessThanOrEqual(300);
    expect(mostUnacked).toBeLessThanOrEqual(400);
  });

  it('bounds the bytes under way, and still sends a message that is larger than the bound', async () => {
    const publisher = await bench.readyPublisher({ maxInFlightBytes: 10_000 });
    const payload = JSON.stringify('x'.repeat(4_000));
    const all = publisher.publish([...batch(20, { payload }), message({ payload: payload.repeat(5) })]);
    expect(publisher.inFlight).toBe(3);
    expect((await all).confirmed).toHaveLength(21);
  });

  it('waits with the rest when the connection has had enough for now', async () => {
    const publisher = await bench.readyPublisher({ maxInFlight: 1_000_000, maxInFlightBytes: Infinity });
    const all = publisher.publish(batch(20_000));
    expect(publisher.inFlight).toBeGreaterThan(500);
    expect(publisher.inFlight).toBeLessThan(10_000);
    expect((await all).confirmed).toHaveLength(20_000);
  });

  it('fails what a silent broker does not confirm in time, and is ready again when the network is back', async () => {
    const { network, url } = await SilentNetwork.before(broker.url);
    try {
      const publisher = await bench.readyPublisher({ url, confirmTimeoutMs: 500 });
      expect((await publisher.publish(batch(1))).confirmed).toHaveLength(1);
      network.fallSilent();
      const startedAt = Date.now();
      const lost = batch(3);
      const result = await publisher.publish(lost);
      expect(result.failed).toEqual(lost);
      expect(Date.now() - startedAt).toBeLessThan(3_000);
      expect(publisher.ready).toBe(false);
      await eventually(() => network.abandoned === 1, { within: 3_000, describe: 'the socket to be cut' });
      network.comeBack();
      await isReady(publisher);
      expect(bench.logger.matching(/No confirm came within 500 ms/)).toHaveLength(1);
      expect((await publisher.publish(batch(2))).confirmed).toHaveLength(2);
    } finally {
      await bench.close();
      await network.close();
    }
  });

  it('is not ready while the broker has an alarm, and goes on with the same connection afterwards', async () => {
    const publisher = await bench.readyPublisher({ confirmTimeoutMs: 1_000 });
    let timesReady = 0;
    publisher.onReady(() => (timesReady += 1));
    await broker.control('set_vm_memory_high_watermark', '0.000001');
    // The broker tells a connection of its alarm when that publishes.
    const caught = publisher.publish(batch(2));
    await eventually(() => !publisher.ready, { describe: 'the publisher to be blocked' });
    const refused = batch(1);
    expect((await publisher.publish(refused)).failed).toEqual(refused);
    expect((await caught).failed).toHaveLength(2);
    expect(timesReady).toBe(0);
    await broker.control('set_vm_memory_high_watermark', '0.4');
    await isReady(publisher);
    expect(timesReady).toBe(1);
    expect((await publisher.publish(batch(1))).confirmed).toHaveLength(1);
    expect(bench.logger.matching(/connected to/)).toHaveLength(1);
  });

  it.each([
    ['a wrong password', 'guest:wrong', '/', /refuses the login or a right \(403\): check user name/],
    ['an unknown vhost', 'guest:guest', '/unknown', /refuses the vhost \(530, as a rule\): create it/],
  ])('says what is wrong about %s, once, and keeps trying', async (_, login, path, sentence) => {
    const { host } = new URL(broker.url);
    const publisher = bench.publisher({ url: `amqp://${login}@${host}${path}` });
    publisher.start();
    await eventually(() => bench.logger.matching(sentence).length > 0, { describe: 'the sentence' });
    expect(publisher.ready).toBe(false);
    await publisher.close();
    expect(bench.logger.matching(sentence)).toHaveLength(1);
    expect(bench.logger.lines.join()).not.toContain('wrong');
  });

  it('says what to do about a queue that exists with other settings', async () => {
    await bench.readyPublisher();
    const topology = { ...bench.topology, deliveryLimit: 7 };
    bench.publisher({ topology }).start();
    await eventually(() => bench.logger.matching(/with other settings \(406\)/).length > 0, {
      describe: 'the sentence',
    });
  });

  it('tells its listeners until they unsubscribe, whatever another of them does', async () => {
    const publisher = bench.publisher();
    const heard: string[] = [];
    publisher.onReady(() => {
      throw new Error('not my day');
    });
    publisher.onReady(() => heard.push('stays'));
    publisher.onReady(() => heard.push('goes'))();
    publisher.start();
    await isReady(publisher);
    expect(heard).toEqual(['stays']);
    expect(bench.logger.matching(/not my day/)).toHaveLength(1);
  });

  it('refuses a URL that leads to no RabbitMQ', () => {
    expect(() => bench.publisher({ url: 'http://localhost' })).toThrow(/must look like amqp:/);
    expect(() => bench.publisher({ url: 'localhost' })).toThrow(TypeError);
  });
});
