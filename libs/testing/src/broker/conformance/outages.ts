import { expect, it } from '@jest/globals';
import { eventually } from '../../eventually.js';
import { batch, idsOf, type BrokerBench } from './broker-bench.js';

const patiently = { within: 20_000 };

/** The broker goes away and comes back. */
export function outages(bench: () => BrokerBench): void {
  it('a publisher fails what it is given meanwhile, and is ready again by itself and says so', async () => {
    const publisher = await bench().readyPublisher();
    let timesReady = 0;
    publisher.onReady(() => (timesReady += 1));
    await bench().subject.goAway();
    await eventually(() => !publisher.ready, { describe: 'the outage to be noticed', ...patiently });
    const lost = batch(2);
    expect(await publisher.publish(lost)).toEqual({ confirmed: [], returned: [], failed: lost });
    await bench().subject.comeBack();
    await eventually(() => timesReady === 1, { describe: 'the publisher to be ready', ...patiently });
    const sent = batch(2);
    expect((await publisher.publish(sent)).confirmed).toEqual(sent);
  });

  it('what was confirmed before it is there after it', async () => {
    const publisher = await bench().readyPublisher();
    const sent = batch(5);
    expect((await publisher.publish(sent)).confirmed).toEqual(sent);
    await bench().subject.goAway();
    await eventually(() => !publisher.ready, patiently);
    await bench().subject.comeBack();
    await eventually(() => publisher.ready, patiently);
    expect(await bench().contentsOf('flights', publisher, 5)).toEqual(idsOf(sent));
  });

  it('a publication that is caught by it settles, and what has failed can be sent again', async () => {
    const publisher = await bench().readyPublisher();
    const sent = batch(2_000);
    const underWay = publisher.publish(sent);
    await bench().subject.goAway();
    const { confirmed, returned, failed } = await underWay;
    expect(returned).toEqual([]);
    expect(confirmed.length + failed.length).toBe(2_000);
    await eventually(() => !publisher.ready, patiently);
    await bench().subject.comeBack();
    await eventually(() => publisher.ready, patiently);
    expect((await publisher.publish(failed)).confirmed).toEqual(failed);
    expect(new Set(await bench().contentsOf('flights', publisher, 2_000))).toEqual(new Set(idsOf(sent)));
  });

  it('lost deliveries come again, after word of the loss, and what is said of the old ones is passed over', async () => {
    const publisher = await bench().readyPublisher();
    const story: (string | undefined)[] = [];
    const { consumer, received, has } = await bench().subscribed({
      publisher,
      onDelivery: (delivery) => {
        received.push(delivery);
        story.push(delivery.messageId);
      },
      onLost: () => story.push('lost'),
    });
    const sent = batch(2);
    await publisher.publish(sent);
    await has(2);
    const old = received.splice(0);
    await bench().subject.goAway();
    await eventually(() => !consumer.subscribed, patiently);
    consumer.ack(old.slice(0, 1));
    await bench().subject.comeBack();
    await has(2);
    expect(story).toEqual([...idsOf(sent), 'lost', ...idsOf(sent)]);

    // On the new subscription neither of these means anything.
    consumer.ack(old);
    await consumer.park(old[1]!, 'of the old subscription');
    expect(await bench().subject.deadLettersOf('flights')).toEqual([]);
    expect(consumer.subscribed).toBe(true);
    await consumer.close();
    await eventually(() => publisher.ready, patiently);
    expect(await bench().contentsOf('flights', publisher, 2)).toEqual(idsOf(sent));
  });

  it('a consumer that was stopped before it stays so', async () => {
    const publisher = await bench().readyPublisher();
    const { consumer, received } = await bench().subscribed({ publisher });
    await consumer.stop();
    await bench().subject.goAway();
    await eventually(() => !publisher.ready, patiently);
    await bench().subject.comeBack();
    await eventually(() => publisher.ready, patiently);
    const sent = batch(4);
    await publisher.publish(sent);
    expect(await bench().contentsOf('flights', publisher, 4)).toEqual(idsOf(sent));
    expect(received).toEqual([]);
  });

  it('publisher and consumer that are started during it begin when it is over', async () => {
    await bench().subject.goAway();
    const publisher = bench().publisher();
    const { consumer, received, has } = bench().consumer({ publisher });
    let hasStarted = false;
    publisher.start();
    const started = consumer.start().then(() => (hasStarted = true));
    expect(await publisher.publish(batch(1))).toMatchObject({ confirmed: [] });
    expect([hasStarted, consumer.subscribed]).toEqual([false, false]);
    await bench().subject.comeBack();
    await started;
    expect(consumer.subscribed).toBe(true);
    await eventually(() => publisher.ready, patiently);
    const sent = batch(1);
    await publisher.publish(sent);
    await has(1);
    expect(idsOf(received)).toEqual(idsOf(sent));
  });

  it('publisher and consumer can be closed during it, and then have started', async () => {
    await bench().subject.goAway();
    const publisher = bench().publisher();
    publisher.start();
    const { consumer } = bench().consumer({ publisher });
    const started = consumer.start();
    await consumer.close();
    await started;
    await consumer.start();
    await publisher.close();
    publisher.start();
    await bench().subject.comeBack();
    const other = await bench().readyPublisher();
    await other.publish(batch(1));
    expect([publisher.ready, consumer.subscribed]).toEqual([false, false]);
  });
}
