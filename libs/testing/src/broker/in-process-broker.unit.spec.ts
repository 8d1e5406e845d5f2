import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '../eventually.js';
import { batch, BrokerBench, idsOf } from './conformance/broker-bench.js';
import { describeBroker } from './conformance/describe-broker.js';
import { inProcessBroker } from './in-process-broker.js';

const open = () => {
  const broker = inProcessBroker();
  const { goAway, comeBack, deadLettersOf } = broker;
  return { broker, goAway, comeBack, deadLettersOf, close: () => undefined };
};

describeBroker('the in-process broker', open);

describe('the in-process broker', () => {
  it('shows how many messages wait, and how many are in hand', async () => {
    const subject = open();
    const bench = new BrokerBench(subject);
    const publisher = await bench.readyPublisher();
    await publisher.publish(batch(5));
    expect(subject.broker.depthOf('flights')).toEqual({ waiting: 5, unacked: 0 });
    const { consumer, received, has } = await bench.subscribed({ publisher, prefetch: 3 });
    await has(3);
    expect(subject.broker.depthOf('flights')).toEqual({ waiting: 2, unacked: 3 });
    consumer.ack(received);
    await has(5);
    expect(subject.broker.depthOf('flights')).toEqual({ waiting: 0, unacked: 2 });
    await bench.close();
    expect(subject.broker.depthOf('flights')).toEqual({ waiting: 2, unacked: 0 });
    expect(subject.broker.depthOf('nowhere')).toEqual({ waiting: 0, unacked: 0 });
  });

  it('deals by turns', async () => {
    const bench = new BrokerBench(open());
    const publisher = await bench.readyPublisher();
    const [one, other] = [await bench.subscribed({ publisher }), await bench.subscribed({ publisher })];
    await publisher.publish(batch(10));
    await eventually(() => one.received.length + other.received.length === 10);
    expect(one.received).toHaveLength(5);
    await bench.close();
  });

  it('takes nothing while it is away', async () => {
    const subject = open();
    const bench = new BrokerBench(subject);
    const publisher = await bench.readyPublisher();
    const { received, has } = await bench.subscribed({ publisher });
    await publisher.publish(batch(1));
    await has(1);
    subject.goAway();
    const late = bench.publisher();
    late.start();
    await publisher.publish(batch(1));
    expect(await publisher.publishDeadLetter(received[0]!, 'in vain')).toBe(false);
    expect(subject.broker.depthOf('flights')).toEqual({ waiting: 1, unacked: 0 });
    expect(subject.broker.deadLettersOf('flights')).toEqual([]);
    await nextTurn();
    expect(late.ready).toBe(false);
    await bench.close();
  });

  it('has a message twice that was sent again because an outage swallowed its confirm', async () => {
    const { broker, ...subject } = open();
    const bench = new BrokerBench({ broker, ...subject });
    const publisher = await bench.readyPublisher();
    const sent = batch(1);
    const caught = publisher.publish(sent);
    broker.goAway();
    expect((await caught).failed).toEqual(sent);
    broker.comeBack();
    await eventually(() => publisher.ready);
    await publisher.publish(sent);
    expect(await bench.contentsOf('flights', publisher, 2)).toEqual([...idsOf(sent), ...idsOf(sent)]);
    await bench.close();
  });
});
