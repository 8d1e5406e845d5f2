import { randomUUID } from 'node:crypto';
import type { INestApplication, INestMicroservice, Type } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { PrismaPg } from '@prisma/adapter-pg';
import { connect, type Channel, type ChannelModel } from 'amqplib';
import {
  commandMessage,
  forgetMessage,
  readReply,
  type ReplyEnvelope,
  type WireMessage,
} from '@clew/envelope';
import {
  deadLetterQueueOf,
  deleteTopology,
  exchangeOf,
  queueOf,
  rabbitmq,
  RabbitConsumer,
  RabbitPublisher,
  reasonHeader,
} from '@clew/rabbitmq';
import { createTestDatabase, eventually, type TestDatabase } from '@clew/testing';
import { PrismaClient } from '../../../apps/flights/src/database/client/client.js';
import { CommandServer, connectParticipant, ParticipantModule, type ParticipantOptions } from './index.js';

const COMMANDS = 'flights.commands';
const REPLIES = 'orchestrator.replies';
const silent = { log: () => undefined, warn: () => undefined, error: () => undefined };

/** The command of a step, as an orchestrator would send it. */
export interface TestCommand {
  readonly type: string;
  readonly payload: object;
  readonly sagaId?: string;
  readonly step?: string;
  readonly direction?: 'action' | 'compensation';
  readonly epoch?: number;
}

export interface TestApp {
  readonly app: INestApplication;
  close(): Promise<void>;
}

/** A database, an own namespace on the broker, an orchestrator's end of both queues, and any number of participants. */
export class TestParticipants {
  readonly replies: ReplyEnvelope[] = [];
  readonly topology = { namespace: `clew-test-${randomUUID()}`, queues: [COMMANDS, REPLIES] };
  database!: PrismaClient;
  channel!: Channel;
  readonly #amqpUrl = process.env['CLEW_TEST_AMQP_URL']!;
  readonly #apps = new Set<TestApp>();
  #testDatabase!: TestDatabase;
  #connection!: ChannelModel;
  #publisher!: RabbitPublisher;
  #consumer!: RabbitConsumer;

  static async create(): Promise<TestParticipants> {
    const participants = new TestParticipants();
    await participants.#start();
    return participants;
  }

  async #start(): Promise<void> {
    const broker = { url: this.#amqpUrl, topology: this.topology, logger: silent };
    this.#testDatabase = await createTestDatabase('flights');
    this.database = this.#client();
    this.#publisher = new RabbitPublisher(broker);
    this.#publisher.start();
    this.#consumer = new RabbitConsumer({
      ...broker,
      queue: REPLIES,
      prefetch: 1_000,
      publisher: this.#publisher,
      onDelivery: (delivery) => {
        this.replies.push(readReply(delivery));
        this.#consumer.ack([delivery]);
      },
    });
    await this.#consumer.start();
    await eventually(() => this.#publisher.ready);
    this.#connection = await connect(this.#amqpUrl);
    this.channel = await this.#connection.createChannel();
  }

  /** Starts a participant with this controller, and resolves when it takes commands. */
  async start(
    controller: Type,
    {
      prepare,
      ...options
    }: Partial<ParticipantOptions> & { prepare?: (microservice: INestMicroservice) => void } = {},
  ): Promise<TestApp> {
    const database = this.#client();
    const broker = rabbitmq({ url: this.#amqpUrl, namespace: this.topology.namespace });

    @Module({
      imports: [
        ParticipantModule.forRootAsync({
          useFactory: () => ({ name: 'flights', broker, database, ...options }),
        }),
      ],
      controllers: [controller],
    })
    class AppModule {}

    const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: false });
    const running: TestApp = {
      app,
      close: async () => {
        if (!this.#apps.delete(running)) return;
        await app.close();
        await database.$disconnect();
      },
    };
    this.#apps.add(running);
    prepare?.(connectParticipant(app));
    if (!prepare) connectParticipant(app);
    await app.init();
    await app.startAllMicroservices();
    await eventually(() => app.get(CommandServer).ready, { describe: 'a ready participant' });
    return running;
  }

  async closeApps(): Promise<void> {
    await Promise.all([...this.#apps].map((app) => app.close()));
  }

  async stop(): Promise<void> {
    await this.closeApps();
    await this.#connection.close();
    await this.#consumer.close();
    await this.#publisher.close();
    await deleteTopology(this.#amqpUrl, this.topology);
    await this.database.$disconnect();
    await this.#testDatabase.drop();
  }

  messageOf({
    type,
    payload,
    sagaId,
    step = 'flight',
    direction = 'action',
    epoch = 0,
  }: TestCommand): WireMessage {
    const id = sagaId ?? randomUUID();
    const envelope = {
      commandId: `${id}/${step}/${direction}/${epoch}`,
      sagaId: id,
      saga: 'trip-booking',
      step,
      direction,
      epoch,
      attempt: 1,
      ...(direction === 'compensation' && { undoes: 0 }),
      type,
      replyTo: REPLIES,
      payload,
    };
    return commandMessage(envelope, COMMANDS);
  }

  /** Publishes commands and resolves with their ids once the broker has them. */
  async send(...commands: TestCommand[]): Promise<string[]> {
    const messages = commands.map((command) => this.messageOf(command));
    const { confirmed } = await this.#publisher.publish(messages);
    if (confirmed.length < messages.length) throw new Error('The broker did not take the commands');
    return messages.map(({ messageId }) => messageId);
  }

  /** Lets the participants forget sagas, as an orchestrator would. Resolves once the broker has the message. */
  async forget(...sagaIds: string[]): Promise<void> {
    const { confirmed } = await this.#publisher.publish([forgetMessage(randomUUID(), sagaIds, COMMANDS)]);
    if (confirmed.length === 0) throw new Error('The broker did not take the message');
  }

  /** Sends a command as it was published long ago, for example out of the dead letters. Resolves with its id. */
  redrive(command: TestCommand, publishedHoursAgo: number): string {
    const { payload, destination: _, ...properties } = this.messageOf(command);
    const timestamp = Math.floor(Date.now() / 1_000 - publishedHoursAgo * 3_600);
    this.sendRaw(payload, { ...properties, timestamp });
    return properties.messageId;
  }

  /** Publishes whatever may not be a command at all. */
  sendRaw(content: string, properties: object): void {
    this.channel.publish(exchangeOf(this.topology), COMMANDS, Buffer.from(content), properties);
  }

  /** The replies to a command, once there are so many. */
  async repliesTo(commandId: string | undefined, count = 1): Promise<ReplyEnvelope[]> {
    const found = () => this.replies.filter((reply) => reply.commandId === commandId);
    await eventually(() => found().length >= count, { describe: `${count} replies to ${commandId}` });
    return found();
  }

  /** The messages that were parked, once there are so many, with the reasons. */
  async parked(count: number): Promise<{ messageId: unknown; reason: string; content: string }[]> {
    const letters: { messageId: unknown; reason: string; content: string }[] = [];
    await eventually(
      async () => {
        const letter = await this.channel.get(deadLetterQueueOf(this.topology, COMMANDS), { noAck: true });
        if (letter) {
          const { messageId, headers } = letter.properties;
          letters.push({
            messageId,
            reason: String(headers?.[reasonHeader]),
            content: letter.content.toString(),
          });
        }
        return letters.length >= count;
      },
      { describe: `${count} parked messages`, every: 20 },
    );
    return letters;
  }

  /** Resolves when no command waits in the queue or in the hands of a participant, and no reply in the outbox. */
  async settled(): Promise<void> {
    await eventually(async () => (await this.database.outbox.count()) === 0, { describe: 'an empty outbox' });
    await this.closeApps();
    const { messageCount } = await this.channel.checkQueue(queueOf(this.topology, COMMANDS));
    if (messageCount > 0) throw new Error(`${messageCount} commands went back to the queue`);
  }

  #client(): PrismaClient {
    return new PrismaClient({ adapter: new PrismaPg({ connectionString: this.#testDatabase.url }) });
  }
}

/** Opened by a spec to let someone on who waits at it. */
export class Gate {
  open!: () => void;
  readonly opened = new Promise<void>((resolve) => (this.open = resolve));
}
