import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Options } from 'amqplib';
import { eventually } from '@clew/testing';
import { batch, Bench, freshTopology, onPlainConnection, take } from './broker-specs.fixture.js';
import type { RabbitDelivery } from './delivery.js';
import { packed, packContentType } from './pack.js';
import { PrivateBroker } from './private-broker.fixture.js';
import { RabbitDeadLetters } from './rabbit-dead-letters.js';
import { senderHeader } from './sender.js';
import { deadLetterExchangeOf, deadLetterQueueOf, exchangeOf, packKeyOf } from './topology.js';

jest.setTimeout(60_000);

const logical = 'flights.commands';

describe('who has sent a message', () => {
  let broker: PrivateBroker;
  let urls: Record<'hotels' | 'cars' | 'keeper', string>;
  let benches: Bench[];
  let topology: Bench['topology'];

  beforeAll(async () => {
    broker = await PrivateBroker.start();
    const urlOf = async (name: string) => {
      await broker.control('add_user', name, 'a-password');
      await broker.control('set_permissions', name, '.*', '.*', '.*');
      return Object.assign(new URL(broker.url), { username: name, password: 'a-password' }).href;
    };
    urls = { hotels: await urlOf('hotels'), cars: await urlOf('cars'), keeper: await urlOf('keeper') };
  });
  afterAll(() => broker.stop());
  beforeEach(() => {
    benches = [];
    topology = freshTopology();
  });
  afterEach(() => Promise.all(benches.map((bench) => bench.close())));

  function benchOf(user: keyof typeof urls): Bench {
    const bench = new Bench(urls[user], topology);
    benches.push(bench);
    return bench;
  }

  /** The keeper takes from the queue, parks there and redrives. */
  async function keeping() {
    const bench = benchOf('keeper');
    const publisher = await bench.readyPublisher();
    const { consumer, received } = bench.consumer({ publisher });
    await consumer.start();
    const have = (count: number) =>
      eventually(() => received.length >= count, { describe: `${count} deliveries` });
    return { bench, consumer, received, have };
  }

  const sendersOf = (received: readonly RabbitDelivery[]) => received.map(({ sender }) => sender);

  /** What somebody sends who doesn't use this library. */
  const send = (
    user: keyof typeof urls,
    exchange: string,
    key: string,
    options: Options.Publish,
    content = '{}',
  ) =>
    onPlainConnection(urls[user], async (connection) => {
      const channel = await connection.createConfirmChannel();
      await new Promise<void>((resolve, reject) => {
        channel.once('error', reject);
        channel.publish(exchange, key, Buffer.from(content), options, () => undefined);
        channel.waitForConfirms().then(resolve, () => undefined);
      });
    });

  async function redriven(user: keyof typeof urls, count: number): Promise<void> {
    const { logger } = benchOf(user);
    const letters = new RabbitDeadLetters({ url: urls[user], topology, logger });
    const moved = await letters.redrive({ queue: logical });
    await letters.close();
    expect(moved.done).toHaveLength(count);
  }

  it('is the user of its publisher, of a message in a pack too', async () => {
    const { received, have } = await keeping();
    const alone = await benchOf('hotels').readyPublisher();
    const together = await benchOf('cars').readyPublisher({ mostInPack: 100 });
    await alone.publish(batch(1));
    await have(1);
    await together.publish(batch(2));
    await have(3);
    expect(sendersOf(received)).toEqual(['hotels', 'cars', 'cars']);
    expect(received[2]!.origin.place).toBeDefined();
  });

  it('can not be another than the one who is logged in', async () => {
    const { bench } = await keeping();
    await expect(
      send('cars', exchangeOf(bench.topology), logical, { userId: 'hotels' }),
    ).rejects.toMatchObject({ code: 406 });
  });

  it('is nobody if it is not said, and is not found in what the sender writes', async () => {
    const { received, have } = await keeping();
    const exchange = exchangeOf(topology);
    const lie = { [senderHeader]: 'hotels' };
    await send('cars', exchange, logical, { headers: lie });
    await send('cars', exchange, logical, { headers: lie, userId: 'cars' });
    await have(2);
    const pack = packed(batch(1, { headers: lie }), 1_700_000_000)
      .toString()
      .replace('[{', '[{"userId":"hotels",');
    await send('cars', exchange, packKeyOf(logical), { userId: 'cars', contentType: packContentType }, pack);
    await send('cars', exchange, packKeyOf(logical), { contentType: packContentType }, pack);
    await have(4);
    expect(sendersOf(received)).toEqual([undefined, 'cars', 'cars', undefined]);
  });

  it('is kept while a message is parked and redriven, however often', async () => {
    const { consumer, received, have } = await keeping();
    await (await benchOf('hotels').readyPublisher()).publish(batch(1, { headers: { step: 'flight' } }));
    for (const count of [1, 2]) {
      await have(count);
      await consumer.park(received[count - 1]!, 'not yet');
      await redriven('keeper', 1);
    }
    await have(3);
    expect(sendersOf(received)).toEqual(['hotels', 'hotels', 'hotels']);
    expect(received[2]!.headers).toEqual({ step: 'flight' });
  });

  it('is not to be lied about by a message that is parked', async () => {
    const { consumer, received, have } = await keeping();
    const headers = { [senderHeader]: 'hotels' };
    await send('cars', exchangeOf(topology), logical, { headers });
    await send('cars', exchangeOf(topology), logical, { headers, userId: 'cars' });
    await have(2);
    for (const delivery of [...received]) await consumer.park(delivery, 'odd');
    await redriven('keeper', 2);
    await have(4);
    expect(sendersOf(received.slice(2)).sort()).toEqual(['cars', undefined]);
  });

  it('is not to be lied about by a letter that somebody else puts among the dead ones', async () => {
    const { received, have } = await keeping();
    const headers = { [senderHeader]: 'hotels' };
    await send('cars', deadLetterExchangeOf(topology), logical, { headers });
    await send('cars', deadLetterExchangeOf(topology), logical, { headers, userId: 'cars' });
    await redriven('keeper', 2);
    await have(2);
    expect(sendersOf(received).sort()).toEqual(['cars', undefined]);
  });

  it('is who redrives it, where that is somebody else than the receiver', async () => {
    const { consumer, received, have } = await keeping();
    await (await benchOf('hotels').readyPublisher()).publish(batch(1));
    await have(1);
    await consumer.park(received[0]!, 'not yet');
    await redriven('cars', 1);
    await have(2);
    expect(received[1]!.sender).toBe('cars');
    expect(received[1]!.messageId).toBe(received[0]!.messageId);
  });

  it('is noted in a letter that can not keep its headers, too', async () => {
    const { consumer, received, have } = await keeping();
    await send('hotels', exchangeOf(topology), logical, {
      userId: 'hotels',
      headers: { much: 'x'.repeat(65_480) },
    });
    await have(1);
    await consumer.park(received[0]!, 'Too much.');
    const [letter] = await take(broker.url, deadLetterQueueOf(topology, logical), 1);
    expect(letter!.properties).toMatchObject({ userId: 'keeper', headers: { [senderHeader]: 'hotels' } });
  });
});
