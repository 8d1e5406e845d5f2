import { expect, it } from '@jest/globals';
import { idsOf, batch, message, trip, type BrokerBench } from './broker-bench.js';

const topic = (destination: string) => ({ destination, topic: true }) as const;

/** Messages to whoever has subscribed. */
export function topics(bench: () => BrokerBench): void {
  it('bring their messages into each queue that has subscribed, and into no other', async () => {
    const publisher = await bench().readyPublisher();
    const sent = batch(3, topic('trip.hotel.succeeded'));
    expect(await publisher.publish(sent)).toEqual({ confirmed: sent, returned: [], failed: [] });
    expect(await bench().contentsOf('flights', publisher, 3)).toEqual(idsOf(sent));
    expect(await bench().contentsOf('cars', publisher, 3)).toEqual(idsOf(sent));
    expect(await bench().contentsOf('hotels', publisher, 0)).toEqual([]);
  });

  it('are found by patterns, and once by a queue however many of its patterns cover them', async () => {
    const publisher = await bench().readyPublisher();
    const sent = ['trip.flight.compensated', 'trip.flight', 'trip.flight.seat.taken'].map((destination) =>
      message(topic(destination)),
    );
    const strange = message(topic('trip.hotel.room.compensated'));
    expect(await publisher.publish([...sent, strange])).toEqual({
      confirmed: sent,
      returned: [strange],
      failed: [],
    });
    expect(await bench().contentsOf('cars', publisher, 3)).toEqual(idsOf(sent));
  });

  it('are no names of queues, nor names of queues topics', async () => {
    const publisher = await bench().readyPublisher();
    const both = [message(topic('flights')), message({ destination: 'trip.hotel.succeeded' })];
    expect(await publisher.publish(both)).toEqual({ confirmed: [], returned: both, failed: [] });
  });

  it('can be published to by a program with an empty list of subscriptions', async () => {
    const receiver = await bench().readyPublisher();
    const publisher = await bench().readyPublisher({ queues: [], subscriptions: [] });
    const [sent, lost] = [message(topic('trip.hotel.succeeded')), message(topic('trip.car.succeeded'))];
    expect(await publisher.publish([sent, lost])).toEqual({
      confirmed: [sent],
      returned: [lost],
      failed: [],
    });
    expect(await bench().contentsOf('cars', receiver, 1)).toEqual([sent.messageId]);
  });

  it('fail alone for a program without any', async () => {
    const publisher = await bench().readyPublisher({ queues: trip.queues });
    const [toTopic, toQueue] = [message(topic('trip.hotel.succeeded')), message()];
    expect(await publisher.publish([toTopic, toQueue])).toEqual({
      confirmed: [toQueue],
      returned: [],
      failed: [toTopic],
    });
  });

  it('are nothing for a queue that is not in the routes', () => {
    const routes = { ...trip, subscriptions: [{ queue: 'boats', topics: ['trip.#'] }] };
    expect(() => bench().publisher(routes)).toThrow(RangeError);
    const publisher = bench().publisher();
    expect(() => bench().consumer({ publisher, routes })).toThrow(RangeError);
  });
}
