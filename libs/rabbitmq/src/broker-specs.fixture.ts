import { randomUUID } from 'node:crypto';
import { createServer, connect as connectSocket, type AddressInfo, type Socket } from 'node:net';
import { connect, type ChannelModel, type ConsumeMessage } from 'amqplib';
import type { Logger, OutgoingMessage } from '@clew/broker';
import { eventually } from '@clew/testing';
import type { RabbitDelivery } from './delivery.js';
import { RabbitConsumer, type RabbitConsumerOptions } from './rabbit-consumer.js';
import type { RabbitPublisherOptions } from './rabbit-publisher-options.js';
import { RabbitPublisher } from './rabbit-publisher.js';
import type { Topology } from './topology.js';

let messages = 0;

export function message(changes: Partial<OutgoingMessage> = {}): OutgoingMessage {
  messages += 1;
  return {
    destination: 'flights.commands',
    messageId: `m-${messages}`,
    correlationId: 'saga-1',
    type: 'flights.reserve',
    replyTo: 'orchestrator.replies',
    headers: { step: 'flight', epoch: 0 },
    payload: `{"number":${messages}}`,
    ...changes,
  };
}

export function batch(size: number, changes: Partial<OutgoingMessage> = {}): OutgoingMessage[] {
  return Array.from({ length: size }, () => message(changes));
}

export const idsOf = (list: readonly { messageId?: string }[]) => list.map(({ messageId }) => messageId);

/** A layout that no other test uses. */
export function freshTopology(changes: Partial<Topology> = {}): Topology {
  return { namespace: `spec-${randomUUID()}`, queues: ['flights.commands'], ...changes };
}

export class RecordingLogger implements Logger {
  readonly lines: string[] = [];
  log(text: string): void {
    this.lines.push(`log ${text}`);
  }
  warn(text: string): void {
    this.lines.push(`warn ${text}`);
  }
  error(text: string): void {
    this.lines.push(`error ${text}`);
  }
  matching(pattern: RegExp): string[] {
    return this.lines.filter((line) => pattern.test(line));
  }
}

/** Makes publishers and consumers on one topology and closes all of them in the end. */
export class Bench {
  readonly logger = new RecordingLogger();
  readonly #open: { close(): Promise<void> }[] = [];

  constructor(
    readonly url: string,
    readonly topology: Topology,
  ) {}

  /** One that sends each message for itself, if not said otherwise. */
  publisher(options: Partial<RabbitPublisherOptions> = {}): RabbitPublisher {
    const { url, topology, logger } = this;
    const publisher = new RabbitPublisher({ url, topology, logger, mostInPack: 1, ...options });
    this.#open.push(publisher);
    return publisher;
  }

  async readyPublisher(options: Partial<RabbitPublisherOptions> = {}): Promise<RabbitPublisher> {
    const publisher = this.publisher(options);
    publisher.start();
    await isReady(publisher);
    return publisher;
  }

  /** Keeps what it is given in the order of its coming. */
  consumer(options: Partial<RabbitConsumerOptions> & Pick<RabbitConsumerOptions, 'publisher'>): {
    consumer: RabbitConsumer;
    received: RabbitDelivery[];
  } {
    const received: RabbitDelivery[] = [];
    const { url, topology, logger } = this;
    const consumer = new RabbitConsumer({
      url,
      topology,
      queue: 'flights.commands',
      prefetch: 100,
      onDelivery: (delivery) => received.push(delivery),
      logger,
      ...options,
    });
    this.#open.push(consumer);
    return { consumer, received };
  }

  async close(): Promise<void> {
    await Promise.all(this.#open.map((each) => each.close()));
  }
}

export async function isReady(publisher: RabbitPublisher): Promise<void> {
  await eventually(() => publisher.ready, { describe: 'the publisher to be ready', within: 30_000 });
}

/** Speaks plain AMQP with the broker: what someone who doesn't use this library sees. */
export async function onPlainConnection<T>(
  url: string,
  use: (connection: ChannelModel) => Promise<T>,
): Promise<T> {
  const connection = await connect(url);
  connection.on('error', () => {});
  try {
    return await use(connection);
  } finally {
    await connection.close().catch(() => {});
  }
}

/** Takes a number of messages out of a queue, named as the broker knows it. */
export async function take(url: string, queue: string, count: number): Promise<ConsumeMessage[]> {
  return onPlainConnection(url, async (connection) => {
    const channel = await connection.createChannel();
    const taken: ConsumeMessage[] = [];
    await channel.prefetch(count);
    await channel.consume(queue, (each) => each && taken.push(each));
    await eventually(() => taken.length >= count, {
      describe: `${count} messages in ${queue}, of which there are ${taken.length}`,
    });
    channel.ackAll();
    await channel.close();
    return taken;
  });
}

/** A network that can fall silent without breaking: packets are swallowed both ways, connections stay. */
export class SilentNetwork {
  /** How many connections the near side has given up. */
  abandoned = 0;
  #isSilent = false;
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((near) => {
    const far = connectSocket(this.target.port, this.target.host);
    near.on('close', () => (this.abandoned += 1));
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from);
      from.on('data', (bytes) => !this.#isSilent && to.write(bytes));
      from.on('close', () => !this.#isSilent && to.destroy());
      from.on('error', () => {});
    }
  });

  private constructor(private readonly target: { host: string; port: number }) {}

  /** @returns the network and the URL that leads through it */
  static async before(url: string): Promise<{ network: SilentNetwork; url: string }> {
    const far = new URL(url);
    const network = new SilentNetwork({ host: far.hostname, port: Number(far.port) });
    await new Promise<void>((resolve) => network.#server.listen(0, '127.0.0.1', resolve));
    far.port = String((network.#server.address() as AddressInfo).port);
    return { network, url: far.href };
  }

  fallSilent(): void {
    this.#isSilent = true;
  }

  /** What was swallowed stays lost, as do the connections it belonged to. */
  comeBack(): void {
    this.#isSilent = false;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
