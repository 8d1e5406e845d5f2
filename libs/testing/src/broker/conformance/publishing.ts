import { expect, it } from '@jest/globals';
import { eventually } from '../../eventually.js';
import { batch, idsOf, message, type BrokerBench } from './broker-bench.js';

/** Outcomes of messages, and what is made before they are sent. */
export function publishing(bench: () => BrokerBench): void {
  it('keeps what it has confirmed until somebody comes to receive it', async () => {
    const publisher = await bench().readyPublisher();
    const sent = batch(3);
    expect(await publisher.publish(sent)).toEqual({ confirmed: sent, returned: [], failed: [] });
    await publisher.close();
    const later = await bench().readyPublisher();
    expect(await bench().contentsOf('flights', later, 3)).toEqual(idsOf(sent));
  });

  it('brings a message whole', async () => {
    const publisher = await bench().readyPublisher();
    const { received, has } = await bench().subscribed({ publisher });
    const sent = message({ payload: '{"name":"Ада"}' });
    await publisher.publish([sent]);
    await has(1);
    const { messageId, correlationId, type, replyTo, headers } = sent;
    expect(received[0]).toMatchObject({ messageId, correlationId, type, replyTo, headers, queue: 'flights' });
    expect(received[0]!.content.toString()).toBe('{"name":"Ада"}');
    expect(Math.abs(received[0]!.timestamp! - Date.now() / 1_000)).toBeLessThan(60);
  });

  it("returns what no queue takes and confirms the rest, as the caller's own objects in their order", async () => {
    const publisher = await bench().readyPublisher();
    const known = batch(3);
    const unknown = batch(2, { destination: 'nowhere' });
    const result = await publisher.publish([known[0]!, unknown[0]!, known[1]!, unknown[1]!, known[2]!]);
    expect(result).toEqual({ confirmed: known, returned: unknown, failed: [] });
    result.confirmed.forEach((each, index) => expect(each).toBe(known[index]));
  });

  it('fails alone the message that can never be sent', async () => {
    const publisher = await bench().readyPublisher();
    const [first, last] = batch(2);
    const unfit = message({ payload: undefined as unknown as string });
    expect(await publisher.publish([first!, unfit, last!])).toEqual({
      confirmed: [first, last],
      returned: [],
      failed: [unfit],
    });
  });

  it('has an answer for every call, several at once and without messages too', async () => {
    const publisher = await bench().readyPublisher();
    const calls = [batch(200), [], batch(1), batch(50)];
    const results = await Promise.all(calls.map((sent) => publisher.publish(sent)));
    expect(results.map(({ confirmed }) => confirmed)).toEqual(calls);
  });

  it('fails at once what it is given before it is ready, and after it was closed', async () => {
    const publisher = bench().publisher();
    const sent = batch(2);
    const all = { confirmed: [], returned: [], failed: sent };
    expect(publisher.ready).toBe(false);
    expect(await publisher.publish(sent)).toEqual(all);
    publisher.start();
    await eventually(() => publisher.ready, { within: 20_000 });
    await publisher.close();
    expect(publisher.ready).toBe(false);
    expect(await publisher.publish(sent)).toEqual(all);
  });

  it('says when it becomes ready, to those who still listen, whatever another of them does', async () => {
    const publisher = bench().publisher();
    const heard: string[] = [];
    publisher.onReady(() => {
      throw new Error('not my day');
    });
    publisher.onReady(() => heard.push('stays'));
    publisher.onReady(() => heard.push('goes'))();
    publisher.start();
    await eventually(() => heard.length > 0, { describe: 'the word', within: 20_000 });
    expect(publisher.ready).toBe(true);
    publisher.onReady(() => heard.push('was so already'));
    publisher.start();
    await publisher.publish(batch(1));
    expect(heard).toEqual(['stays']);
  });
}
