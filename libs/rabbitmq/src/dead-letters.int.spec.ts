import { setImmediate as nextTurn } from 'node:timers/promises';
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
import { CuttableNetwork } from './cuttable-network.fixture.js';
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
  const parkedLetters = async (count: number, payload?: string) => {
    await letters.counts(); // By which all is declared.
    const sent = batch(count, { ...(payload && { payload }) });
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

  it('are redriven once by a call, although they are parked anew at once', async () => {
    const sent = await parkedLetters(120);
    const publisher = await bench.readyPublisher();
    const { consumer } = bench.consumer({
      publisher,
      onDelivery: (delivery) => void consumer.park(delivery, 'As bad as ever.'),
    });
    await consumer.start();
    const { url, topology, logger } = bench;
    const hasty = new RabbitDeadLetters({ url, topology, logger, patienceMs: 5_000 });
    const { matched, done } = await hasty.redrive({ all: true });
    expect([matched, idsOf(done)]).toEqual([120, idsOf(sent)]);
    await eventually(async () => (await letters.counts())[commands] === 120, { describe: 'all letters' });
  });

  it('are listed as long as they are not too large together, and not for ever', async () => {
    await parkedLetters(5, 'x'.repeat(5 * 1024 * 1024));
    const page = await letters.list({ all: true }, 200);
    expect(page).toMatchObject({ matched: 5, letters: { length: 4 } });
    expect(page.letters[0]).toMatchObject({ bytes: 5 * 1024 * 1024, payload: 'x'.repeat(16 * 1024) });
    const { url, topology, logger } = bench;
    const hasty = new RabbitDeadLetters({ url, topology, logger, patienceMs: 0 });
    expect(await hasty.list({ all: true }, 200)).toEqual({ matched: 5, letters: [] });
    expect(await hasty.redrive({ all: true })).toEqual({ matched: 5, done: [] });
    expect(await letters.counts()).toEqual({ [commands]: 5 });
  });

  it('that were seen to before the connection broke are told of, and none is lost', async () => {
    const sent = await parkedLetters(500);
    const { network, url } = await CuttableNetwork.before(broker.url);
    const { topology, logger } = bench;
    const redriving = new RabbitDeadLetters({ url, topology, logger }).redrive({ all: true });
    // By then the second batch is there, so the first is confirmed.
    await eventually(async () => (await waitingIn(queueOf(topology, commands))) > 50, { every: 1 });
    await network.close();
    const { matched, done } = await redriving;
    expect(matched).toBe(500);
    expect(done.length).toBeGreaterThanOrEqual(50);
    expect(logger.matching(/Only \d+ dead letters were seen to/)).toHaveLength(1);
    // Some may be there twice.
    const back = await eventually(
      async () => {
        const rest = await letters.redrive({ all: true });
        const count = await waitingIn(queueOf(topology, commands));
        return rest.matched === 0 && count >= 500 ? count : undefined;
      },
      { describe: 'all to be back in their queue' },
    );
    expect(new Set(idsOf(await received(back)))).toEqual(new Set(idsOf(sent)));
  });

  it('are out of reach of a broker that falls silent, and may be closed all the same', async () => {
    await parkedLetters(1);
    const { network, url } = await SilentNetwork.before(broker.url);
    const unheard = new RabbitDeadLetters({ url, topology: bench.topology, logger: bench.logger });
    expect(await unheard.counts()).toEqual({ [commands]: 1 });
    network.fallSilent();
    const startedAt = performance.now();
    const counting = unheard.counts();
    const refused = expect(counting).rejects.toThrow(BrokerUnavailable);
    await nextTurn(); // It is on its way.
    await unheard.close();
    await refused;
    const took = performance.now() - startedAt;
    await network.close();
    expect(took).toBeLessThan(4_000); // A silent broker is noticed later than that.
  });

  it('are not waited for where nothing answers', async () => {
    const url = 'amqp://127.0.0.1:1';
    const nowhere = new RabbitDeadLetters({ url, topology: bench.topology, logger: bench.logger });
    await expect(nowhere.list({ all: true }, 1)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('is it running?'),
    });
  });

  const waitingIn = (queue: string) =>
    onPlainConnection(broker.url, async (connection) => {
      const channel = await connection.createChannel();
      return (await channel.checkQueue(queue)).messageCount;
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
