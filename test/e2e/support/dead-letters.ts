import { connect } from 'amqplib';
import { deadLetterQueueOf, exchangeOf, queueOf, reasonHeader, returnsHeader } from '@clew/rabbitmq';
import { eventually } from '@clew/testing';
import type { MalformedMessage } from './malformed-messages.js';
import type { RunningSystem } from './running-system.js';

const topologyOf = ({ namespace, queues }: RunningSystem) => ({ namespace, queues });
/** Unconfirmed messages at a time: so that huge ones don't pile up in this process. */
const windowSize = 200;

/**
 * Publishes messages to a queue as anybody could. Resolves when the broker has all of them.
 *
 * @param url with the user of the broker who does that; that of the servers if not said
 */
export async function publishAll(
  system: RunningSystem,
  queue: string,
  messages: Iterable<MalformedMessage>,
  url = system.servers.amqpUrl,
): Promise<void> {
  const connection = await connect(url);
  try {
    const channel = await connection.createConfirmChannel();
    let unconfirmed = 0;
    for (const { content, properties } of messages) {
      channel.publish(exchangeOf(topologyOf(system)), queue, content, properties);
      unconfirmed += 1;
      if (unconfirmed % windowSize === 0) await channel.waitForConfirms();
    }
    await channel.waitForConfirms();
  } finally {
    await connection.close();
  }
}

/** Throws away what lies in a queue, as an operator's slip would. Gives how many messages that were. */
export async function purge(system: RunningSystem, queue: string): Promise<number> {
  const connection = await connect(system.servers.amqpUrl);
  try {
    const channel = await connection.createChannel();
    const { messageCount } = await channel.purgeQueue(queueOf(topologyOf(system), queue));
    return messageCount;
  } finally {
    await connection.close();
  }
}

/** A message among the dead letters. */
export interface DeadLetter {
  readonly mark: string;
  readonly reason: string;
  readonly bytes: number;
  /** How often it had gone back to its queue before. */
  readonly returns: number;
}

/**
 * Takes the dead letters of a queue out. Resolves when there are `count` different ones and the queue itself is empty, with all
 * that there were: some of them may be there more than once.
 */
export async function takeDeadLetters(
  system: RunningSystem,
  queue: string,
  count: number,
  within: number,
): Promise<DeadLetter[]> {
  const topology = topologyOf(system);
  const connection = await connect(system.servers.amqpUrl);
  try {
    const channel = await connection.createChannel();
    await channel.prefetch(windowSize);
    const letters: DeadLetter[] = [];
    const { consumerTag } = await channel.consume(deadLetterQueueOf(topology, queue), (letter) => {
      if (!letter) return;
      const { appId, headers } = letter.properties;
      letters.push({
        mark: String(appId),
        reason: String(headers?.[reasonHeader]),
        bytes: letter.content.length,
        returns: Number(headers?.[returnsHeader] ?? 0),
      });
      channel.ack(letter);
    });
    const describe = `${count} different dead letters of ${queue}`;
    const different = () => new Set(letters.map(({ mark }) => mark)).size;
    await eventually(() => different() >= count, { within, every: 100, describe });
    const isEmpty = async () => (await channel.checkQueue(queueOf(topology, queue))).messageCount === 0;
    await eventually(isEmpty, { describe: `an empty queue ${queue}` });
    await channel.cancel(consumerTag);
    return letters;
  } finally {
    await connection.close();
  }
}

/** How many messages wait in a queue. */
export async function waiting(system: RunningSystem, queue: string): Promise<number> {
  const connection = await connect(system.servers.amqpUrl);
  try {
    const channel = await connection.createChannel();
    return (await channel.checkQueue(queueOf(topologyOf(system), queue))).messageCount;
  } finally {
    await connection.close();
  }
}
