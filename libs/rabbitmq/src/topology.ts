import { connect, type Channel } from 'amqplib';
import { matchesTopic, type Routes } from '@clew/broker';

/**
 * What one layout of exchanges and queues looks like; a queue's logical name is its routing key. This file is the only
 * place that knows their names.
 */
export interface Topology extends Routes {
  /** Begins the name of everything that is declared. */
  readonly namespace: string;
  /** Default `quorum`: replicated in a cluster, counts deliveries, loses nothing on its way to the dead letters. */
  readonly queueType?: 'quorum' | 'classic';
  /** How often a message of a quorum queue may come back before the broker makes it a dead letter. Default 50. */
  readonly deliveryLimit?: number;
}

export const defaultNamespace = 'clew';
const defaultDeliveryLimit = 50;

/**
 * Dead letters may be looked at as often as an operator likes. It has to be said with a number: RabbitMQ 4 drops a message
 * after 20 deliveries if nothing is said, and RabbitMQ 3 refuses the -1 that means "no limit" to RabbitMQ 4.
 */
const practicallyUnlimited = 1_000_000_000;

export function exchangeOf({ namespace }: Topology): string {
  return namespace;
}

/** Through this exchange goes what is published to a topic. */
export function topicExchangeOf({ namespace }: Topology): string {
  return `${namespace}.events`;
}

export function deadLetterExchangeOf({ namespace }: Topology): string {
  return `${namespace}.dead-letters`;
}

export function queueOf({ namespace }: Topology, logical: string): string {
  return `${namespace}.${logical}`;
}

export function deadLetterQueueOf({ namespace }: Topology, logical: string): string {
  return `${namespace}.${logical}.dead-letters`;
}

/** A queue whose receiver takes packs is bound with this routing key, too. */
export function packKeyOf(logical: string): string {
  return `${logical}.packs`;
}

/** Whether something with this routing key is a pack. */
export function isPackKey(routingKey: string): boolean {
  return routingKey.endsWith('.packs');
}

/**
 * Which exchange takes a message.
 *
 * @throws Error for a topic if the topology has none: the broker would close the channel
 */
export function exchangeFor(topology: Topology, { topic }: { readonly topic?: true }): string {
  if (!topic) return exchangeOf(topology);
  if (topology.subscriptions) return topicExchangeOf(topology);
  throw new Error('topics need subscriptions in the topology, if only an empty list');
}

/** Whether some queue of the topology takes what goes to an exchange with this routing key. */
export function hasQueueFor(topology: Topology, exchange: string, routingKey: string): boolean {
  if (exchange !== topicExchangeOf(topology)) return topology.queues.includes(routingKey);
  const patterns = (topology.subscriptions ?? []).flatMap(({ topics }) => topics);
  return patterns.some((pattern) => matchesTopic(pattern, routingKey));
}

/** @throws RangeError if a queue subscribes to topics that is not among the queues: nobody would declare it */
export function checkSubscriptions({ queues, subscriptions = [] }: Topology): void {
  const stranger = subscriptions.find(({ queue }) => !queues.includes(queue));
  if (stranger)
    throw new RangeError(
      `The queue "${stranger.queue}" subscribes to topics and is not in the topology: ${queues.join(', ')}.`,
    );
}

/**
 * Declares the exchanges, the queues and their dead-letter queues, and binds them. Idempotent, and safe for several
 * programs at once. Every program declares all queues it uses, also those it only sends to: so a command waits in its
 * queue while the participant isn't running yet.
 *
 * @throws the broker's error, the channel then being closed: 406 if something exists under such a name with other settings
 */
export async function assertTopology(channel: Channel, topology: Topology): Promise<void> {
  const exchange = exchangeOf(topology);
  const deadLetters = deadLetterExchangeOf(topology);
  await channel.assertExchange(exchange, 'direct', { durable: true });
  await channel.assertExchange(deadLetters, 'direct', { durable: true });
  if (topology.subscriptions)
    await channel.assertExchange(topicExchangeOf(topology), 'topic', { durable: true });
  for (const logical of topology.queues) {
    // The dead-letter queue first: from its first message on, the queue has a place to put what it gives up.
    const deadLetterQueue = deadLetterQueueOf(topology, logical);
    await channel.assertQueue(deadLetterQueue, {
      durable: true,
      arguments: deadLetterQueueArguments(topology),
    });
    await channel.bindQueue(deadLetterQueue, deadLetters, logical);
    const queue = queueOf(topology, logical);
    await channel.assertQueue(queue, { durable: true, arguments: queueArguments(topology, logical) });
    await channel.bindQueue(queue, exchange, logical);
  }
  for (const { queue, topics } of topology.subscriptions ?? [])
    for (const topic of topics)
      await channel.bindQueue(queueOf(topology, queue), topicExchangeOf(topology), topic);
}

/**
 * Removes exactly the exchanges and queues of this topology with all messages in them. For tests. What isn't there is
 * no error.
 *
 * @throws if the broker can't be reached
 */
export async function deleteTopology(url: string, topology: Topology): Promise<void> {
  const connection = await connect(url);
  connection.on('error', () => {}); // The call that it fails says so too.
  try {
    const channel = await connection.createChannel();
    channel.on('error', () => {});
    for (const logical of topology.queues) {
      await channel.deleteQueue(queueOf(topology, logical));
      await channel.deleteQueue(deadLetterQueueOf(topology, logical));
    }
    await channel.deleteExchange(exchangeOf(topology));
    await channel.deleteExchange(topicExchangeOf(topology));
    await channel.deleteExchange(deadLetterExchangeOf(topology));
  } finally {
    await connection.close().catch(() => {});
  }
}

/** What a queue is declared with. */
export function queueArguments(topology: Topology, logical: string): Record<string, unknown> {
  const deadLettering = {
    'x-dead-letter-exchange': deadLetterExchangeOf(topology),
    'x-dead-letter-routing-key': logical,
  };
  if (topology.queueType === 'classic') return { 'x-queue-type': 'classic', ...deadLettering };
  return {
    'x-queue-type': 'quorum',
    'x-delivery-limit': topology.deliveryLimit ?? defaultDeliveryLimit,
    ...deadLettering,
    'x-dead-letter-strategy': 'at-least-once',
    'x-overflow': 'reject-publish', // Without it, "at-least-once" silently becomes "at-most-once".
  };
}

/** What a dead-letter queue is declared with. */
export function deadLetterQueueArguments({ queueType }: Topology): Record<string, unknown> {
  if (queueType === 'classic') return { 'x-queue-type': 'classic' };
  return { 'x-queue-type': 'quorum', 'x-delivery-limit': practicallyUnlimited };
}
