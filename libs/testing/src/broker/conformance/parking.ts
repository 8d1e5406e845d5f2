import { expect, it } from '@jest/globals';
import { batch, idsOf, type BrokerBench } from './broker-bench.js';

/** What can't be worked on. */
export function parking(bench: () => BrokerBench): void {
  it('puts a message among the dead letters of its queue, unchanged and with the reason, and takes it out of the queue', async () => {
    const publisher = await bench().readyPublisher();
    const { consumer, received, has } = await bench().subscribed({ publisher });
    const [sent] = batch(1, { payload: '{"name":"Ада"}' });
    await publisher.publish([sent!]);
    await has(1);
    await consumer.park(received[0]!, 'No handler.');
    await consumer.close();
    const [letter, ...others] = await bench().subject.deadLettersOf('flights');
    expect(others).toEqual([]);
    expect(letter).toMatchObject({ messageId: sent!.messageId, reason: 'No handler.' });
    expect(letter!.content.toString()).toBe('{"name":"Ада"}');
    expect(await bench().contentsOf('flights', publisher, 0)).toEqual([]);
  });

  it('keeps a message in its queue until the copy is confirmed, and parks it then', async () => {
    const publisher = await bench().readyPublisher();
    const lazy = bench().publisher();
    const { consumer, received, has } = await bench().subscribed({ publisher: lazy, prefetch: 1 });
    const sent = batch(2);
    await bench().sendSingly(publisher, sent);
    await has(1);
    const parking = consumer.park(received[0]!, 'later');
    // Another is given the second, while the first is this one's all along.
    const other = await bench().subscribed({ publisher });
    await other.has(1);
    expect(idsOf([...received, ...other.received])).toEqual(idsOf(sent));
    expect(await bench().subject.deadLettersOf('flights')).toEqual([]);
    lazy.start();
    await parking;
    expect(idsOf(await bench().subject.deadLettersOf('flights'))).toEqual([sent[0]!.messageId]);
  });

  it('gives up on a message that it has lost, which comes again', async () => {
    const publisher = await bench().readyPublisher();
    const { consumer, received, has } = await bench().subscribed({ publisher: bench().publisher() });
    const sent = batch(1);
    await publisher.publish(sent);
    await has(1);
    const parking = consumer.park(received[0]!, 'never');
    await consumer.close();
    await parking;
    expect(await bench().contentsOf('flights', publisher, 1)).toEqual(idsOf(sent));
  });
}
