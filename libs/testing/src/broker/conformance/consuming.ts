import { expect, it } from '@jest/globals';
import type { Delivery } from '@clew/broker';
import { eventually } from '../../eventually.js';
import { batch, idsOf, type BrokerBench } from './broker-bench.js';

/** From the subscription to the ack. */
export function consuming(bench: () => BrokerBench): void {
  it('hands over what is in the queue, in its order', async () => {
    const publisher = await bench().readyPublisher();
    const sent = batch(50);
    await publisher.publish(sent);
    const { consumer, received, has } = await bench().subscribed({ publisher });
    expect(consumer.subscribed).toBe(true);
    await has(50);
    expect(idsOf(received)).toEqual(idsOf(sent));
  });

  it('gives up exactly what was acked, whatever is acked twice: the rest comes again', async () => {
    const publisher = await bench().readyPublisher();
    const first = await bench().subscribed({ publisher });
    const sent = batch(6);
    await bench().sendSingly(publisher, sent);
    await first.has(6);
    const [a, b, c, d] = first.received as [Delivery, Delivery, Delivery, Delivery];
    first.consumer.ack([b, a]);
    first.consumer.ack([d, a]);
    first.consumer.ack([c]);
    first.consumer.ack([]);
    await first.consumer.close();
    expect(await bench().contentsOf('flights', publisher, 2)).toEqual(idsOf(sent.slice(4)));
  });

  it('has no more than its prefetch unacked, however often it is started', async () => {
    const publisher = await bench().readyPublisher();
    await bench().sendSingly(publisher, batch(20));
    const { consumer, received, has } = await bench().subscribed({ publisher, prefetch: 5 });
    await consumer.start();
    await has(5);
    consumer.ack(received.slice(0, 2));
    await has(7);
    // Another gets all that this one may not have.
    const other = await bench().subscribed({ publisher });
    await other.has(13);
    expect(received).toHaveLength(7);
  });

  it('shares a queue with others: each message goes to one of them', async () => {
    const publisher = await bench().readyPublisher();
    const receivers = [
      await bench().subscribed({ publisher, prefetch: 10 }),
      await bench().subscribed({ publisher, prefetch: 10 }),
    ];
    const sent = batch(20);
    await bench().sendSingly(publisher, sent);
    const all = () => receivers.flatMap(({ received }) => idsOf(received));
    await eventually(() => all().length >= 20, { describe: 'all messages' });
    expect(all().sort()).toEqual(idsOf(sent).sort());
    for (const { received } of receivers) expect(received).toHaveLength(10);
  });

  it('hands over nothing more from the moment it is stopped', async () => {
    const publisher = await bench().readyPublisher();
    await publisher.publish(batch(50));
    const received: Delivery[] = [];
    const { consumer } = bench().consumer({
      publisher,
      onDelivery: (delivery) => {
        received.push(delivery);
        void consumer.stop();
      },
    });
    await consumer.start();
    await eventually(() => received.length > 0, { describe: 'a delivery' });
    await consumer.stop();
    expect(consumer.subscribed).toBe(false);
    await consumer.close();
    expect(received).toHaveLength(1);
    expect(await bench().contentsOf('flights', publisher, 50)).toHaveLength(50);
  });

  it('still acks after it was stopped, until it is closed', async () => {
    const publisher = await bench().readyPublisher();
    const { consumer, received, has } = await bench().subscribed({ publisher });
    const sent = batch(2);
    await bench().sendSingly(publisher, sent);
    await has(2);
    await consumer.stop();
    consumer.ack(received.slice(0, 1));
    await consumer.close();
    expect(await bench().contentsOf('flights', publisher, 1)).toEqual([sent[1]!.messageId]);
  });

  it('parks a delivery whose taking over fails, and goes on', async () => {
    const publisher = await bench().readyPublisher();
    const taken: Delivery[] = [];
    const { consumer } = await bench().subscribed({
      publisher,
      onDelivery: (delivery) => {
        if (taken.length === 1) throw new Error('no room');
        taken.push(delivery);
      },
    });
    const sent = batch(2);
    await publisher.publish(sent);
    const parked = await eventually(async () => {
      const letters = await bench().subject.deadLettersOf('flights');
      return letters.length > 0 ? letters : undefined;
    });
    expect(idsOf(parked)).toEqual([sent[1]!.messageId]);
    expect(consumer.subscribed).toBe(true);
  });

  it('refuses a queue that is not in the routes, and a prefetch that can not be right', () => {
    const publisher = bench().publisher();
    expect(() => bench().consumer({ publisher, queue: 'boats' })).toThrow(RangeError);
    expect(() => bench().consumer({ publisher, prefetch: 0 })).toThrow(RangeError);
  });
}
