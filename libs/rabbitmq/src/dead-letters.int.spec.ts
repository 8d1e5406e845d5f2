import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { BrokerUnavailable } from '@clew/broker';
import { eventually } from '@clew/testing';
import {
  batch,
  Bench,
  freshTopology,
  idsOf,
  onPlainConnection,
  SilentNetwork,
  take,
} from './broker-specs.fixture.js';
import { DeadLetterVisit } from './dead-letter-visit.js';
import { PrivateBroker } from './private-broker.fixture.js';
import { RabbitDeadLetters } from './rabbit-dead-letters.js';
import {
  deadLetterExchangeOf,
  deadLetterQueueOf,
  deleteTopology,
  exchangeOf,
  queueOf,
  type Topology,
} from './topology.js';

jest.setTimeout(60_000);

const commands = 'flights.commands';

describe('dead letters', () => {
  let broker: PrivateBroker;
  let bench: Bench;
  let letters: RabbitDeadLetters;

  beforeAll(async () => {
    broker = await PrivateBroker.start();
  });
  afterAll(() => broker.stop());
  beforeEach(() => begin());
  afterEach(() => finish());

  function begin(changes: Partial<Topology> = {}): void {
    bench = new Bench(broker.url, freshTopology(changes));
    letters = new RabbitDeadLetters({ url: broker.url, topology: bench.topology, logger: bench.logger });
  }
  async function finish(): Promise<void> {
    await letters.close();
    await bench.close();
    await deleteTopology(broker.url, bench.topology);
  }
  const parkedLetters = async (count: number) => {
    await letters.counts(); // By which all is declared.
    const sent = batch(count);
    // Without a word of when and why, as a parker of another make may have it.
    await onPlainConnection(broker.url, async (connection) => {
      const channel = await connection.createConfirmChannel();
      for (const { payload, messageId } of sent)
        channel.publish(deadLetterExchangeOf(bench.topology), commands, Buffer.from(payload), {
          persistent: true,
          messageId,
        });
      await channel.waitForConfirms();
    });
    return sent;
  };
  const visit = () => DeadLetterVisit.begin(broker.url, bench.topology, new AbortController());
  const listed = async () => (await letters.list({ all: true }, 200)).letters;

  it.each(['quorum', 'classic'] as const)(
    'are all there when some were looked at, those first that were (%s)',
    async (queueType) => {
      await finish();
      begin({ queueType });
      const sent = await parkedLetters(300);
      for (const limit of [30, 7, 200]) await letters.list({ all: true }, limit);
      expect(await letters.counts()).toEqual({ [commands]: 300 });
      expect(idsOf(await listed()).sort()).toEqual(idsOf(sent.slice(0, 200)).sort());
      const { matched, done } = await letters.redrive({ all: true });
      expect([matched, idsOf(done).sort()]).toEqual([300, idsOf(sent).sort()]);
      expect(idsOf(await received(300)).sort()).toEqual(idsOf(sent).sort());
    },
  );

  it('stay when no queue takes them, and go when one does again', async () => {
    const sent = await parkedLetters(3);
    const visiting = await visit();
    const held = [await visiting.take(commands), await visiting.take(commands)].map((each) => each!);
    await onPlainConnection(broker.url, async (connection) => {
      const channel = await connection.createChannel();
      const { topology } = bench;
      await channel.unbindQueue(queueOf(topology, commands), exchangeOf(topology), commands);
    });
    expect(await visiting.sendBack(commands, held)).toEqual([]);
    await visiting.end();
    expect(idsOf(await listed()).sort()).toEqual(idsOf(sent).sort());
    expect(await letters.redrive({ all: true })).toMatchObject({ matched: 3, done: { length: 3 } });
    expect(idsOf(await received(3)).sort()).toEqual(idsOf(sent).sort());
  });

  it('stay when their queue is full', async () => {
    await finish();
    begin({ queueType: 'classic' }); // Its limit is exact.
    const sent = await parkedLetters(3);
    const queue = queueOf(bench.topology, commands);
    const pattern = `^${queue.replaceAll('.', '\\.')}$`;
    await broker.control('set_policy', 'full', pattern, '{"max-length":1,"overflow":"reject-publish"}');
    try {
      // A policy takes a moment to be in force.
      const publisher = await bench.readyPublisher();
      await eventually(async () => (await publisher.publish(batch(1))).failed.length === 1, {
        describe: 'a full queue',
      });
      expect(await letters.redrive({ all: true })).toEqual({ matched: 3, done: [] });
    } finally {
      await broker.control('clear_policy', 'full');
    }
    expect(idsOf(await listed()).sort()).toEqual(idsOf(sent).sort());
  });

  it('that RabbitMQ has given up go back, and may come back as often as any other message', async () => {
    await finish();
    begin({ deliveryLimit: 2 });
    const publisher = await bench.readyPublisher();
    const [sent] = batch(1);
    await publisher.publish([sent!]);
    for (let time = 0; time < 2; time += 1) {
      expect(await timesHandedOut()).toBe(3);
      const [letter] = await eventually(async () => {
        const found = await listed();
        return found.length > 0 ? found : undefined;
      });
      expect(letter).toMatchObject({
        reason: 'RabbitMQ has given it up (delivery_limit).',
        parkedAt: expect.any(Date),
        headers: sent!.headers,
      });
      await letters.redrive({ all: true });
    }
    expect(idsOf(await received(1))).toEqual([sent!.messageId]);
  });

  it('are left alone by a redrive that began before they were parked', async () => {
    await parkedLetters(2);
    const visiting = await visit();
    const held = (await visiting.take(commands))!;
    // The other one is all that is to be found. Meanwhile it is parked anew.
    const publisher = await bench.readyPublisher();
    const { consumer } = bench.consumer({
      publisher,
      onDelivery: (delivery) => void consumer.park(delivery, 'As bad as ever.'),
    });
    await consumer.start();
    expect(await letters.redrive({ all: true })).toMatchObject({ matched: 1, done: { length: 1 } });
    await visiting.end();
    await eventually(async () => (await letters.counts())[commands] === 2, { describe: 'both letters' });
    expect((await listed()).map(({ id }) => id)).toContain(held.letter.id);
  });

  it('are out of reach of a broker that falls silent, and not for ever', async () => {
    await parkedLetters(1);
    const { network, url } = await SilentNetwork.before(broker.url);
    const unheard = new RabbitDeadLetters({ url, topology: bench.topology, logger: bench.logger });
    expect(await unheard.counts()).toEqual({ [commands]: 1 });
    network.fallSilent();
    const counting = unheard.counts();
    const refused = expect(counting).rejects.toThrow(BrokerUnavailable);
    await unheard.close();
    await refused;
    await network.close();
  });

  it('are not waited for where nothing answers', async () => {
    const url = 'amqp://127.0.0.1:1';
    const nowhere = new RabbitDeadLetters({ url, topology: bench.topology, logger: bench.logger });
    await expect(nowhere.list({ all: true }, 1)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('is it running?'),
    });
  });

  /** Takes what is in the queue. */
  const received = (count: number) =>
    take(broker.url, queueOf(bench.topology, commands), count).then((messages) =>
      messages.map(({ properties }) => ({ messageId: properties.messageId as string })),
    );

  /** Gives a message back until it doesn't come any more. */
  async function timesHandedOut(): Promise<number> {
    let times = 0;
    await onPlainConnection(broker.url, async (connection) => {
      const channel = await connection.createChannel();
      await channel.consume(queueOf(bench.topology, commands), (message) => {
        times += 1;
        channel.nack(message!, false, true);
      });
      const parked = deadLetterQueueOf(bench.topology, commands);
      await eventually(async () => (await channel.checkQueue(parked)).messageCount === 1, {
        describe: 'a dead letter',
      });
    });
    return times;
  }
});
