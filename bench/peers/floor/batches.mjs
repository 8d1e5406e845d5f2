/** How the floor batches, publishes and commits; both of its programs are made of this. */
import amqp from 'amqplib';
import pg from 'pg';
import { PEER_AMQP_URL, PEER_DATABASE_URL, PEER_NAME, PEER_QUEUE_TYPE } from '../kit/serve.mjs';

const BATCH = 200;
const PREFETCH = 2 * BATCH;

/** A crash of anything is the end of the process: the floor is here to be fast. */
const give = (error) => {
  console.error(error);
  process.exit(1);
};

export const queueOf = (name) => `${PEER_NAME}.${name}`;

/** One connection that plans each statement once, for its indexes. */
export async function openDatabase() {
  const settings = [
    'jit=off',
    'plan_cache_mode=force_generic_plan',
    'enable_seqscan=off',
    'enable_hashjoin=off',
    'enable_mergejoin=off',
  ];
  const database = new pg.Client({
    connectionString: PEER_DATABASE_URL,
    options: settings.map((setting) => `-c ${setting}`).join(' '),
  });
  database.on('error', give);
  await database.connect();
  return database;
}

/** A channel to consume and one to publish, with the queues that are there. */
export async function openBroker(queues) {
  const connection = await amqp.connect(PEER_AMQP_URL, { noDelay: true });
  connection.on('error', give);
  const incoming = await connection.createChannel();
  const outgoing = await connection.createConfirmChannel();
  for (const queue of queues)
    await incoming.assertQueue(queueOf(queue), {
      durable: true,
      arguments: { 'x-queue-type': PEER_QUEUE_TYPE },
    });
  await incoming.prefetch(PREFETCH);
  return { incoming, outgoing };
}

/** Handles in one go what arrived while the last batch was being handled: no timer, one batch at a time. */
export function inBatches(handle) {
  let waiting = [];
  let isBusy = false;
  const work = async () => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH);
      waiting = waiting.slice(BATCH);
      await handle(batch);
    }
    isBusy = false;
  };
  return (item) => {
    waiting.push(item);
    if (isBusy) return;
    isBusy = true;
    setImmediate(() => work().catch(give));
  };
}

/** Consumes in batches: a batch is acked with one frame after it is committed. A copy within a batch is dropped. */
export async function consumeInBatches(channel, queue, handle) {
  const add = inBatches(async (batch) => {
    await handle([...new Map(batch.map((message) => [message.properties.messageId, message])).values()]);
    channel.ack(batch.at(-1), true);
  });
  await channel.consume(queueOf(queue), add);
}

/** Publishes what was committed, and remembers what the broker has: the next commit deletes those rows. */
export class Relay {
  #confirmed = [];

  constructor(channel) {
    this.channel = channel;
  }

  publish({ id, to, sagaId, type, body }) {
    const properties = { persistent: true, messageId: id, correlationId: sagaId, type };
    this.channel.publish('', queueOf(to), body, properties, (error) => {
      if (!error) this.#confirmed.push(id);
    });
  }

  takeConfirmed() {
    return this.#confirmed.splice(0);
  }
}

/**
 * Writes a batch by one statement that inserts into `inbox`; if it has seen one of the messages before, those are left out
 * and the rest is written.
 */
export async function writeOnce(database, inbox, messages, write) {
  try {
    await write(messages);
  } catch (error) {
    if (error.code !== '23505') throw error;
    const { rows } = await database.query(`SELECT id FROM ${inbox} WHERE id = ANY($1::uuid[])`, [
      messages.map(({ properties }) => properties.messageId),
    ]);
    const known = new Set(rows.map(({ id }) => id));
    await write(messages.filter(({ properties }) => !known.has(properties.messageId)));
  }
}
