import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@clew/testing';
import { batch, Bench, freshTopology, idsOf, onPlainConnection, take } from './broker-specs.fixture.js';
import type { RabbitDelivery } from './delivery.js';
import { PrivateBroker } from './private-broker.fixture.js';
import type { RabbitPublisher } from './rabbit-publisher.js';
import { deadLetterQueueOf, deleteTopology, exchangeOf } from './topology.js';

jest.setTimeout(60_000);

describe('parking a delivery', () => {
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

  it('parks a message with its reason and unchanged bytes, whatever they are', async () => {
    const { consumer, received } = bench.consumer({ publisher });
    await consumer.start();
    const bytes = Buffer.from([0x00, 0xff, 0xfe, 0x7b, 0xc3, 0x28]);
    await onPlainConnection(broker.url, async (connection) => {
      const channel = await connection.createConfirmChannel();
      const headers = {
        CC: ['elsewhere'],
        when: { '!': 'timestamp', value: 1_700_000_000 },
        nested: { deep: [1, 'two'] },
      };
      channel.publish(exchangeOf(bench.topology), 'flights.commands', bytes, {
        messageId: 'odd',
        correlationId: 'saga-9',
        type: 'flights.unheard-of',
        contentType: 'application/x-odd',
        expiration: 600_000,
        userId: 'guest',
        headers,
      });
      await channel.waitForConfirms();
    });
    await have(received, 1);
    await consumer.park(received[0]!, 'No handler for flights.unheard-of.');

    const [parked] = await take(broker.url, deadLetterQueueOf(bench.topology, 'flights.commands'), 1);
    expect(parked!.content.equals(bytes)).toBe(true);
    expect(parked!.fields.routingKey).toBe('flights.commands');
    expect(parked!.properties).toMatchObject({
      messageId: 'odd',
      correlationId: 'saga-9',
      type: 'flights.unheard-of',
      contentType: 'application/x-odd',
      deliveryMode: 2,
      headers: {
        'x-clew-reason': 'No handler for flights.unheard-of.',
        'x-clew-routing-key': 'flights.commands',
        when: { '!': 'timestamp', value: 1_700_000_000 },
        nested: { deep: [1, 'two'] },
      },
    });
    expect(parked!.properties.expiration).toBeUndefined();

    await consumer.close();
    const after = bench.consumer({ publisher });
    await after.consumer.start();
    await publisher.publish(batch(1, { messageId: 'next' }));
    await have(after.received, 1);
    expect(idsOf(after.received)).toEqual(['next']);
  });

  it('parks even what has more headers than can be written again', async () => {
    const { consumer, received } = bench.consumer({ publisher });
    await consumer.start();
    await onPlainConnection(broker.url, async (connection) => {
      const channel = await connection.createConfirmChannel();
      const headers = { much: 'x'.repeat(65_500) };
      channel.publish(exchangeOf(bench.topology), 'flights.commands', Buffer.from('body'), {
        messageId: 'm',
        headers,
      });
      await channel.waitForConfirms();
    });
    await have(received, 1);
    await consumer.park(received[0]!, 'Too much.');
    const [parked] = await take(broker.url, deadLetterQueueOf(bench.topology, 'flights.commands'), 1);
    expect(parked!.content.toString()).toBe('body');
    expect(parked!.properties.messageId).toBe('m');
    expect(parked!.properties.headers).toMatchObject({ 'x-clew-reason': 'Too much.' });
  });

  it('keeps a message in its queue until its copy is confirmed, and parks it then', async () => {
    const lazy = bench.publisher();
    const { consumer, received } = bench.consumer({ publisher: lazy, prefetch: 1 });
    await consumer.start();
    await publisher.publish(batch(2));
    await have(received, 1);
    let isParked = false;
    const parking = consumer.park(received[0]!, 'later').then(() => (isParked = true));
    await eventually(() => bench.logger.matching(/can't be parked yet/).length > 0, {
      describe: 'a first try in vain',
    });
    expect(isParked).toBe(false);
    expect(received).toHaveLength(1); // Its prefetch is used up: nothing was acked.
    lazy.start();
    await parking;
    await have(received, 2);
    const [parked] = await take(broker.url, deadLetterQueueOf(bench.topology, 'flights.commands'), 1);
    expect(parked!.properties.messageId).toBe(received[0]!.messageId);
  });

  it('stops trying to park what it has lost', async () => {
    const { consumer, received } = bench.consumer({ publisher: bench.publisher() });
    await consumer.start();
    await publisher.publish(batch(1));
    await have(received, 1);
    const parking = consumer.park(received[0]!, 'never');
    await consumer.close();
    await parking;
    const again = bench.consumer({ publisher });
    await again.consumer.start();
    await have(again.received, 1);
    expect(idsOf(again.received)).toEqual(idsOf(received));
  });

  it('parks a delivery whose taking over fails, and goes on', async () => {
    const taken: RabbitDelivery[] = [];
    const { consumer } = bench.consumer({
      publisher,
      onDelivery: (delivery) => {
        if (taken.length === 1) throw new Error('no room');
        taken.push(delivery);
      },
    });
    await consumer.start();
    const sent = batch(2);
    await publisher.publish(sent);
    const [parked] = await take(broker.url, deadLetterQueueOf(bench.topology, 'flights.commands'), 1);
    expect(parked!.properties.messageId).toBe(sent[1]!.messageId);
    expect(consumer.subscribed).toBe(true);
    expect(bench.logger.matching(/which is a bug: Error: no room/)).toHaveLength(1);
  });
});
