import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@clew/testing';
import { batch, Bench, freshTopology, idsOf, onPlainConnection, take } from './broker-specs.fixture.js';
import { reasonHeader } from './dead-letter.js';
import { packContentType } from './pack.js';
import type { RabbitPublisher } from './rabbit-publisher.js';
import { deadLetterQueueOf, deleteTopology, exchangeOf, queueOf, type Topology } from './topology.js';

const logical = 'flights.commands';

describe('messages that are sent together', () => {
  const url = process.env['CLEW_TEST_AMQP_URL']!;
  let topology: Topology;
  let bench: Bench;
  let publisher: RabbitPublisher;
  beforeEach(async () => {
    topology = freshTopology();
    bench = new Bench(url, topology);
    publisher = await bench.readyPublisher({ mostInPack: 100 });
  });
  afterEach(async () => {
    await bench.close();
    await deleteTopology(url, topology);
  });

  /** Somebody who takes packs has been there. */
  async function packsAreTaken(): Promise<void> {
    const { consumer } = bench.consumer({ publisher });
    await consumer.start();
    await consumer.close();
  }

  it('are one message for who takes packs, and a lone one stays as it is', async () => {
    await packsAreTaken();
    const sent = batch(5);
    expect(await publisher.publish(sent)).toEqual({ confirmed: sent, returned: [], failed: [] });
    const lone = batch(1);
    await publisher.publish(lone);
    const [pack, plain] = await take(url, queueOf(topology, logical), 2);
    expect(pack!.properties).toMatchObject({ contentType: packContentType, headers: { messages: 5 } });
    expect(plain!.properties).toMatchObject({
      contentType: 'application/json',
      messageId: lone[0]!.messageId,
      correlationId: 'saga-1',
      headers: { step: 'flight', epoch: 0 },
    });
  });

  it('come one by one to whoever does not say that it takes packs, and nothing is complained about', async () => {
    const sent = batch(5);
    for (const _ of [1, 2])
      expect(await publisher.publish(sent)).toEqual({ confirmed: sent, returned: [], failed: [] });
    const taken = await take(url, queueOf(topology, logical), 10);
    expect(taken.map(({ properties }) => properties.messageId)).toEqual([...idsOf(sent), ...idsOf(sent)]);
    expect(new Set(taken.map(({ properties }) => properties.contentType))).toEqual(
      new Set(['application/json']),
    );
    expect(bench.logger.matching(/^(warn|error)/)).toEqual([]);
  });

  it('are said to have no queue when there is none', async () => {
    const sent = batch(5, { destination: 'boats.commands' });
    expect(await publisher.publish(sent)).toEqual({ confirmed: [], returned: sent, failed: [] });
  });

  it('are handed over as they were sent, and leave the queue when each is acked', async () => {
    const { consumer, received } = bench.consumer({ publisher });
    await consumer.start();
    const sent = batch(3);
    await publisher.publish(sent);
    await eventually(() => received.length === 3, { describe: 'all of them' });
    for (const [index, { messageId, correlationId, type, replyTo, headers, content }] of received.entries())
      expect({ messageId, correlationId, type, replyTo, headers, payload: content.toString() }).toEqual({
        ...sent[index],
        destination: undefined,
      });
    consumer.ack([received[1]!]);
    consumer.ack([received[1]!, received[0]!]);
    await consumer.close();
    // Two of three are acked: all come again.
    const again = bench.consumer({ publisher });
    await again.consumer.start();
    await eventually(() => again.received.length === 3, { describe: 'all of them again' });
    expect(again.received.map(({ redelivered }) => redelivered)).toEqual([true, true, true]);
    again.consumer.ack(again.received.slice(0, 2));
    again.consumer.ack(again.received.slice(2));
    await again.consumer.close();
    expect(await depth()).toBe(0);
  });

  it('are parked one by one, as if it had come alone; the others are handled', async () => {
    const { consumer, received } = bench.consumer({ publisher });
    await consumer.start();
    const sent = batch(3);
    await publisher.publish(sent);
    await eventually(() => received.length === 3, { describe: 'all of them' });
    consumer.ack([received[0]!, received[2]!]);
    await consumer.park(received[1]!, 'poisonous');
    await consumer.close();
    expect(await depth()).toBe(0);
    const [letter] = await take(url, deadLetterQueueOf(topology, logical), 1);
    expect(letter!.properties).toMatchObject({
      messageId: sent[1]!.messageId,
      correlationId: 'saga-1',
      type: 'flights.reserve',
      contentType: 'application/json',
      headers: { step: 'flight', epoch: 0, [reasonHeader]: 'poisonous' },
    });
    expect(letter!.content.toString()).toBe(sent[1]!.payload);
  });

  it('are no more in hand at a time than the prefetch and a pack, and the rest follows', async () => {
    const { consumer, received } = bench.consumer({ publisher, prefetch: 10 });
    await consumer.start();
    const sent = batch(400);
    await publisher.publish(sent);
    await eventually(() => received.length >= 100, { describe: 'the first pack' });
    const other = bench.consumer({ publisher, prefetch: 1 });
    await other.consumer.start();
    expect(received).toHaveLength(100);
    for (let acked = 0; acked < 400; acked += 100) {
      await eventually(() => received.length > acked, { describe: 'the next pack' });
      expect(received).toHaveLength(acked + 100);
      consumer.ack(received.slice(acked, acked + 100));
    }
    expect(idsOf(received)).toEqual(idsOf(sent));
  });

  it('and what pretends to be a pack is parked as a whole, with the reason', async () => {
    const { consumer, received } = bench.consumer({ publisher });
    await consumer.start();
    await onPlainConnection(url, async (connection) => {
      const channel = await connection.createConfirmChannel();
      const options = { contentType: packContentType, messageId: 'odd' };
      channel.publish(exchangeOf(topology), logical, Buffer.from('[{}]\n'), options);
      await channel.waitForConfirms();
    });
    const [letter] = await take(url, deadLetterQueueOf(topology, logical), 1);
    expect(letter!.properties.headers![reasonHeader]).toContain("It can't be unpacked: the pack has to list");
    expect(letter!.content.toString()).toBe('[{}]\n');
    expect(received).toEqual([]);
  });

  const depth = () =>
    onPlainConnection(url, async (connection) => {
      const channel = await connection.createChannel();
      return (await channel.checkQueue(queueOf(topology, logical))).messageCount;
    });
});
