/** What each of the four services has: a Prisma client, a channel, and an outbox that is polled. */
import { setTimeout as delay } from 'node:timers/promises';
import { PrismaPg } from '@prisma/adapter-pg';
import amqp from 'amqplib';
import { PrismaClient } from './generated/index.js';
import { PEER_AMQP_URL, PEER_DATABASE_URL, PEER_NAME, PEER_QUEUE_TYPE } from '../kit/serve.mjs';

const POLL_MS = 50;
const PAGE = 100;
const PREFETCH = 20;
const CONNECTIONS = 10;
const PATIENCE_MS = 20_000;

export const queueOf = (name) => `${PEER_NAME}.${name}`;

export class Service {
  /** @param {string} name of the service and of the PostgreSQL schema with its tables */
  constructor(name) {
    this.name = name;
    const adapter = new PrismaPg({ connectionString: PEER_DATABASE_URL, max: CONNECTIONS }, { schema: name });
    this.prisma = new PrismaClient({
      adapter,
      transactionOptions: { maxWait: PATIENCE_MS, timeout: PATIENCE_MS },
    });
  }

  /** Consumes a queue, each message in a transaction with its inbox row, and begins to poll the outbox. */
  async start({ queues, consumes, handle }) {
    const connection = await amqp.connect(PEER_AMQP_URL);
    this.channel = await connection.createConfirmChannel();
    for (const queue of queues)
      await this.channel.assertQueue(queueOf(queue), {
        durable: true,
        arguments: { 'x-queue-type': PEER_QUEUE_TYPE },
      });
    await this.channel.prefetch(PREFETCH);
    await this.channel.consume(queueOf(consumes), (message) => this.#receive(message, handle));
    void this.#poll();
  }

  /** In one transaction with whatever else is written. */
  send(transaction, { id, sagaId, queue, type, body }) {
    return transaction.outbox.create({ data: { id, sagaId, queue: queueOf(queue), type, body } });
  }

  async #receive(message, handle) {
    try {
      const done = await this.prisma.$transaction(async (transaction) => {
        await transaction.inbox.create({ data: { id: message.properties.messageId } });
        return handle(transaction, message);
      });
      done?.();
      this.channel.ack(message);
    } catch (error) {
      // P2002: the inbox has it already.
      if (error.code === 'P2002') return this.channel.ack(message);
      console.error(error);
      this.channel.nack(message);
    }
  }

  async #poll() {
    for (;;) {
      const published = await this.prisma.$transaction((transaction) => this.#publishPage(transaction));
      if (published < PAGE) await delay(POLL_MS);
    }
  }

  async #publishPage(transaction) {
    const rows = await transaction.$queryRawUnsafe(
      `SELECT id, saga_id, queue, type, body FROM "${this.name}".outbox
       WHERE published_at IS NULL ORDER BY id LIMIT ${PAGE} FOR UPDATE SKIP LOCKED`,
    );
    if (rows.length === 0) return 0;
    for (const { id, saga_id: sagaId, queue, type, body } of rows)
      this.channel.publish('', queue, Buffer.from(JSON.stringify(body)), {
        persistent: true,
        messageId: id,
        correlationId: sagaId,
        type,
        contentType: 'application/json',
      });
    await this.channel.waitForConfirms();
    await transaction.outbox.updateMany({
      where: { id: { in: rows.map(({ id }) => id) } },
      data: { publishedAt: new Date() },
    });
    return rows.length;
  }
}
