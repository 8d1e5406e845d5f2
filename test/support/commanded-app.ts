import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { commandMessage, commandQueueOf, readReply, type ReplyEnvelope } from '@clew/envelope';
import { CommandServer, connectParticipant } from '@clew/participant';
import { deleteTopology, RabbitConsumer, RabbitPublisher } from '@clew/rabbitmq';
import { configureHttp, httpAdapter } from '@clew/service';
import { createTestDatabase, eventually, type TestDatabase } from '@clew/testing';

const REPLIES = 'orchestrator.replies';
const silent = { log: () => undefined, warn: () => undefined, error: () => undefined };

/** A command of a step, as an orchestrator would send it. */
export interface StepCommand {
  readonly command: { readonly type: string };
  readonly payload?: object;
  readonly sagaId: string;
  readonly step: string;
  readonly direction?: 'action' | 'compensation';
}

/**
 * A participant's own module, running in this process on a seeded database and with queues of its own, and the
 * orchestrator's end of those queues.
 */
export class CommandedApp {
  private readonly replies: ReplyEnvelope[] = [];

  private constructor(
    readonly database: TestDatabase,
    private readonly participant: string,
    private readonly topology: { readonly namespace: string; readonly queues: readonly string[] },
    private readonly app: NestFastifyApplication,
    private readonly publisher: RabbitPublisher,
    private readonly consumer: RabbitConsumer,
  ) {}

  /** Resolves when it takes commands. */
  static async start(module: Type, participant: string): Promise<CommandedApp> {
    const database = await createTestDatabase(participant, { seed: true });
    // The app finds the database that was made by the namespace that its name begins with.
    const namespace = new URL(database.url).pathname.slice(1, -`_${participant}`.length);
    const amqpUrl = process.env['CLEW_TEST_AMQP_URL']!;
    Object.assign(process.env, {
      DATABASE_URL: database.url,
      AMQP_URL: amqpUrl,
      CLEW_NAMESPACE: namespace,
    });
    const topology = { namespace, queues: [commandQueueOf(participant), REPLIES] };
    const app = await NestFactory.create<NestFastifyApplication>(module, httpAdapter(), {
      logger: false,
      bodyParser: false,
    });
    configureHttp(app);
    connectParticipant(app);
    const broker = { url: amqpUrl, topology, logger: silent };
    const publisher = new RabbitPublisher(broker);
    const consumer: RabbitConsumer = new RabbitConsumer({
      ...broker,
      queue: REPLIES,
      prefetch: 100,
      publisher,
      onDelivery: (delivery) => {
        commanded.replies.push(readReply(delivery));
        consumer.ack([delivery]);
      },
    });
    const commanded = new CommandedApp(database, participant, topology, app, publisher, consumer);
    publisher.start();
    await Promise.all([consumer.start(), app.listen(0, '127.0.0.1')]);
    await app.startAllMicroservices();
    await eventually(() => publisher.ready && app.get(CommandServer, { strict: false }).ready, {
      describe: `${participant} to take commands`,
    });
    return commanded;
  }

  /** Sends a command and resolves with its answer. */
  async send(step: StepCommand): Promise<ReplyEnvelope> {
    const id = await this.sendOnly(step);
    return eventually(() => this.answersTo(id)[0], { describe: `the answer to ${id}` });
  }

  /** Sends a command and resolves with its id, as soon as the broker has it. */
  async sendOnly({
    command,
    payload = {},
    sagaId,
    step,
    direction = 'action',
  }: StepCommand): Promise<string> {
    const commandId = `${sagaId}/${step}/${direction}/0`;
    const envelope = {
      ...{ commandId, sagaId, step, direction, payload, saga: 'order', epoch: 0, attempt: 1 },
      ...(direction === 'compensation' && { undoes: 0 }),
      type: command.type,
      replyTo: REPLIES,
    };
    await this.publisher.publish([commandMessage(envelope, commandQueueOf(this.participant))]);
    return commandId;
  }

  answersTo(commandId: string): ReplyEnvelope[] {
    return this.replies.filter((reply) => reply.commandId === commandId);
  }

  /** What the app answers to a GET. */
  async get(path: string): Promise<{ status: number; body: Record<string, unknown> }> {
    const response = await fetch(`${await this.app.getUrl()}${path}`);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.consumer.close();
    await this.publisher.close();
    await deleteTopology(process.env['CLEW_TEST_AMQP_URL']!, this.topology);
    await this.database.drop();
  }
}
