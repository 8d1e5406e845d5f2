import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ConfirmChannel } from 'amqplib';
import { eventually, repositoryRoot } from '@clew/testing';
import { Bench, freshTopology, idsOf, message, onPlainConnection, take } from './broker-specs.fixture.js';
import { permissionsFor } from './permissions.js';
import { PrivateBroker } from './private-broker.fixture.js';
import { assertTopology, deadLetterQueueOf, exchangeOf, queueOf, type Topology } from './topology.js';

jest.setTimeout(60_000);

const user = 'shop-stock';
const commands = 'shop-stock.commands';
const replies = 'orchestrator.replies';
const others = [replies, 'shop-payments.commands'];

describe('a user of the broker with the permissions of a participant', () => {
  let broker: PrivateBroker;
  let own: Topology;
  let bench: Bench;
  let url: string;

  beforeAll(async () => {
    broker = await PrivateBroker.start();
    own = freshTopology({ queues: [commands] });
    await onPlainConnection(broker.url, async (connection) =>
      assertTopology(await connection.createChannel(), { ...own, queues: [...own.queues, ...others] }),
    );
    const { configure, write, read } = permissionsFor(own);
    await broker.control('add_user', user, 'a-password');
    await broker.control('set_permissions', user, configure, write, read);
    const asUser = new URL(broker.url);
    Object.assign(asUser, { username: user, password: 'a-password' });
    url = asUser.href;
    bench = new Bench(url, own);
  });
  afterEach(() => bench.close());
  afterAll(() => broker.stop());

  it('takes its commands, answers them, and parks what it can not handle', async () => {
    const publisher = await bench.readyPublisher();
    const { consumer, received: deliveries } = bench.consumer({ publisher, queue: commands });
    await consumer.start();
    const sent = [message({ destination: commands }), message({ destination: commands })];
    expect(await publisher.publish(sent)).toMatchObject({ confirmed: sent });
    await eventually(() => deliveries.length === 2, { describe: 'both commands' });
    const reply = message({ destination: replies });
    expect(await publisher.publish([reply])).toMatchObject({ confirmed: [reply] });
    consumer.ack([deliveries[0]!]);
    await consumer.park(deliveries[1]!, 'of no use');
    expect((await take(broker.url, queueOf(own, replies), 1))[0]!.properties.messageId).toBe(reply.messageId);
    const [dead] = await take(broker.url, deadLetterQueueOf(own, commands), 1);
    expect(dead!.properties.messageId).toBe(idsOf(sent)[1]);
  });

  it.each<[what: string, attempt: (channel: ConfirmChannel, queue: string) => Promise<unknown>]>([
    ['consume from', (channel, queue) => channel.consume(queue, () => undefined)],
    ['take a message from', (channel, queue) => channel.get(queue)],
    ['empty', (channel, queue) => channel.purgeQueue(queue)],
    ['delete', (channel, queue) => channel.deleteQueue(queue)],
    ['bind', (channel, queue) => channel.bindQueue(queue, exchangeOf(own), 'shop-stock.stolen')],
    ['write past the exchange to', sendPastExchange],
  ])('can not %s the queues of others', async (_what, attempt) => {
    for (const logical of others)
      await onPlainConnection(url, async (connection) => {
        const channel = await connection.createConfirmChannel();
        channel.on('error', () => {});
        await expect(attempt(channel, queueOf(own, logical))).rejects.toMatchObject({ code: 403 });
      });
  });

  it('is described in docs/security.md', () => {
    const page = readFileSync(join(repositoryRoot(), 'docs', 'security.md'), 'utf8');
    const { configure, write, read } = permissionsFor({ namespace: 'clew', queues: [commands] });
    expect(page).toContain(
      `rabbitmqctl set_permissions ${user} \\\n  '${configure}' \\\n  '${write}' \\\n  '${read}'`,
    );
  });
});

/** Rejects if the broker closes the channel over it. */
function sendPastExchange(channel: ConfirmChannel, queue: string): Promise<void> {
  return new Promise((resolve, reject) => {
    channel.once('error', reject);
    channel.sendToQueue(queue, Buffer.from('forged'));
    channel.waitForConfirms().then(resolve, () => undefined);
  });
}
