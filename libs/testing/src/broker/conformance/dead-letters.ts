import { expect, it } from '@jest/globals';
import { BrokerUnavailable } from '@clew/broker';
import { eventually } from '../../eventually.js';
import { batch, idsOf, message, type BrokerBench } from './broker-bench.js';

/** What people do with messages that were parked. */
export function deadLetters(bench: () => BrokerBench): void {
  it('are listed with all that is known of them', async () => {
    const publisher = await bench().readyPublisher();
    const letters = bench().deadLetters();
    const sent = message({ payload: '{"name":"Ада"}' });
    const impatient = await bench().subscribed({ publisher });
    await publisher.publish([sent]);
    await impatient.has(1);
    await impatient.consumer.close(); // So it comes back once.
    const { consumer, received, has } = await bench().subscribed({ publisher });
    await has(1);
    await consumer.park(received[0]!, 'No handler.');

    const { letters: listed, matched } = await letters.list({ all: true }, 10);
    expect(matched).toBe(1);
    expect(listed).toEqual([
      {
        id: expect.any(String),
        queue: 'flights',
        reason: 'No handler.',
        parkedAt: expect.any(Date),
        messageId: sent.messageId,
        correlationId: sent.correlationId,
        type: sent.type,
        headers: sent.headers,
        returns: 1,
        bytes: 17,
        payload: '{"name":"Ада"}',
        encoding: 'utf8',
      },
    ]);
    expect(Math.abs(listed[0]!.parkedAt!.getTime() - Date.now())).toBeLessThan(60_000);
  });

  it('are all there in their order, with their ids, however often they were looked at', async () => {
    const publisher = await bench().readyPublisher();
    const sent = batch(20);
    await bench().park(publisher, sent);
    const letters = bench().deadLetters();
    const first = await letters.list({ all: true }, 20);
    expect(idsOf(first.letters).sort()).toEqual(idsOf(sent).sort());
    const times = first.letters.map(({ parkedAt }) => parkedAt!.getTime());
    expect(times).toEqual([...times].sort((one, other) => one - other));
    for (let time = 0; time < 60; time += 1) await letters.list({ all: true }, 1 + (time % 20));
    expect(await letters.list({ all: true }, 20)).toEqual(first);
    expect(await bench().deadLetters().list({ queue: 'flights' }, 20)).toEqual(first);
    expect(new Set(first.letters.map(({ id }) => id)).size).toBe(20);
  });

  it('are counted by queue, and listed up to a limit, of one queue, or by their ids', async () => {
    const publisher = await bench().readyPublisher();
    await bench().park(publisher, batch(3));
    await bench().park(publisher, batch(2, { destination: 'hotels' }), 'hotels');
    const letters = bench().deadLetters();
    expect(letters.queues).toEqual(['flights', 'hotels', 'cars']);
    expect(await letters.counts()).toEqual({ flights: 3, hotels: 2, cars: 0 });
    const all = await letters.list({ all: true }, 4);
    expect(all).toMatchObject({ matched: 5, letters: { length: 4 } });
    const hotels = await letters.list({ queue: 'hotels' }, 4);
    expect(hotels).toMatchObject({ matched: 2, letters: [{ queue: 'hotels' }, { queue: 'hotels' }] });
    const ids = [all.letters[2]!.id, hotels.letters[1]!.id, 'unheard-of'];
    const some = await letters.list({ ids }, 4);
    expect(some).toEqual({ matched: 2, letters: [all.letters[2], hotels.letters[1]] });
    await expect(letters.list({ queue: 'boats' }, 4)).rejects.toThrow(RangeError);
    await expect(letters.redrive({ queue: 'boats' })).rejects.toThrow(RangeError);
  });

  it('go back whole to their queue: those that are meant, and no others', async () => {
    const publisher = await bench().readyPublisher();
    const sent = batch(3);
    await bench().park(publisher, sent);
    const letters = bench().deadLetters();
    const { letters: listed } = await letters.list({ all: true }, 10);
    const moved = await letters.redrive({ ids: [listed[1]!.id, 'unheard-of'] });
    expect(moved).toMatchObject({ matched: 1, done: [{ id: listed[1]!.id, reason: listed[1]!.reason }] });
    const { received, has } = await bench().subscribed({ publisher });
    await has(1);
    const { messageId, correlationId, type, replyTo, headers, payload } = sent[1]!;
    expect(received[0]).toMatchObject({ messageId, correlationId, type, replyTo, queue: 'flights' });
    expect(received[0]!.headers).toEqual(headers);
    expect(received[0]!.content.toString()).toBe(payload);
    expect((await letters.list({ all: true }, 10)).letters).toEqual([listed[0], listed[2]]);
    expect(await letters.redrive({ queue: 'flights' })).toMatchObject({ matched: 2, done: { length: 2 } });
    await has(3);
    expect(await letters.counts()).toMatchObject({ flights: 0 });
    expect(await letters.redrive({ all: true })).toEqual({ matched: 0, done: [] });
  });

  it('of a topic go back to the queue that has parked them: the others have had them', async () => {
    const publisher = await bench().readyPublisher();
    const sent = message({ destination: 'trip.hotel.succeeded', topic: true });
    await bench().park(publisher, [sent], 'flights');
    expect(await bench().contentsOf('cars', publisher, 1)).toEqual([sent.messageId]);
    expect(await bench().deadLetters().redrive({ all: true })).toMatchObject({ done: { length: 1 } });
    expect(await bench().contentsOf('flights', publisher, 1)).toEqual([sent.messageId]);
    expect(await bench().contentsOf('cars', publisher, 0)).toEqual([]);
  });

  it('that are parked anew are others, and count afresh', async () => {
    const publisher = await bench().readyPublisher();
    await bench().park(publisher, batch(1));
    const letters = bench().deadLetters();
    const [old] = (await letters.list({ all: true }, 10)).letters;
    await letters.redrive({ all: true });
    const { consumer, received, has } = await bench().subscribed({ publisher });
    await has(1);
    await consumer.park(received[0]!, 'Still no handler.');
    const [anew, ...others] = (await letters.list({ all: true }, 10)).letters;
    expect(others).toEqual([]);
    expect(anew).toMatchObject({ messageId: old!.messageId, reason: 'Still no handler.' });
    expect(anew!.id).not.toBe(old!.id);
    expect(anew!.headers).toEqual(old!.headers);
  });

  it('that are discarded are gone, and given back', async () => {
    const publisher = await bench().readyPublisher();
    const sent = batch(3);
    await bench().park(publisher, sent);
    const letters = bench().deadLetters();
    const { letters: listed } = await letters.list({ all: true }, 10);
    const { matched, done } = await letters.discard({ ids: [listed[0]!.id, listed[2]!.id] });
    expect([matched, idsOf(done)]).toEqual([2, [sent[0]!.messageId, sent[2]!.messageId]]);
    expect((await letters.list({ all: true }, 10)).letters).toEqual([listed[1]]);
    expect(await bench().contentsOf('flights', publisher, 0)).toEqual([]);
  });

  it('are all found by a call that is made while another has them in hand', async () => {
    const publisher = await bench().readyPublisher();
    await bench().park(publisher, batch(60));
    const letters = bench().deadLetters();
    const calls = [letters.list({ all: true }, 200), letters.redrive({ all: true })] as const;
    const [listed, moved] = await Promise.all(calls);
    expect([listed.letters.length, moved.done.length]).toEqual([60, 60]);
  });

  it('are each redriven once by two who do it at the same time', async () => {
    const publisher = await bench().readyPublisher();
    const sent = batch(60);
    await bench().park(publisher, sent);
    const both = await Promise.all(
      [bench().deadLetters(), bench().deadLetters()].map((letters) => letters.redrive({ all: true })),
    );
    const done = both.flatMap((moved) => idsOf(moved.done));
    expect(new Set(done).size).toBe(done.length);
    // What one gave back after the other had been there may be left.
    const rest = await bench().deadLetters().redrive({ all: true });
    expect([...done, ...idsOf(rest.done)].sort()).toEqual(idsOf(sent).sort());
    expect((await bench().contentsOf('flights', publisher, 60)).sort()).toEqual(idsOf(sent).sort());
  });

  it("can't be got at while the broker is away, and are all there or in their queue afterwards", async () => {
    const publisher = await bench().readyPublisher();
    const sent = batch(90);
    await bench().park(publisher, sent);
    const letters = bench().deadLetters();
    const underWay = letters.redrive({ all: true }).catch((error: unknown) => error);
    await bench().subject.goAway();
    await underWay;
    await expect(letters.counts()).rejects.toThrow(BrokerUnavailable);
    await expect(letters.list({ all: true }, 1)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(letters.discard({ all: true })).rejects.toThrow(BrokerUnavailable);
    await bench().subject.comeBack();
    await eventually(() => publisher.ready, { within: 20_000 });
    await letters.redrive({ all: true });
    expect(await letters.counts()).toMatchObject({ flights: 0 });
    expect(new Set(await bench().contentsOf('flights', publisher, 90))).toEqual(new Set(idsOf(sent)));
  });

  it('are out of reach once this is closed', async () => {
    const letters = bench().deadLetters();
    await letters.close();
    await expect(letters.counts()).rejects.toThrow(BrokerUnavailable);
  });
}
