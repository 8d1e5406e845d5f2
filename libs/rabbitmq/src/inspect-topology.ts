import { connect, type Channel, type ChannelModel } from 'amqplib';
import { describeFailure, placeOf } from './connection-failure.js';
import {
  deadLetterExchangeOf,
  deadLetterQueueArguments,
  deadLetterQueueOf,
  exchangeOf,
  queueArguments,
  queueOf,
  topicExchangeOf,
  type Topology,
} from './topology.js';

/** What there is at the broker of a queue. */
export interface InspectedQueue {
  readonly name: string;
  /** Whether it is a dead-letter queue, which nobody takes from but operators. */
  readonly isForDeadLetters: boolean;
  readonly messages: number;
  readonly consumers: number;
}

export interface TopologyInspection {
  /** `RabbitMQ 3.10.8` */
  readonly broker: string;
  /** Those that are there. */
  readonly queues: readonly InspectedQueue[];
  /** What isn't as `assertTopology` would make it, a sentence for each. */
  readonly problems: readonly string[];
}

const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Compares the broker with a topology: whether each exchange and queue is there, of the right type and with the right
 * arguments. Makes nothing that is missing, and takes no message.
 *
 * Bindings can't be read over AMQP: those between what is there are made again, as at every start.
 *
 * @throws Error with a sentence if the broker can't be asked
 */
export async function inspectTopology(url: string, topology: Topology): Promise<TopologyInspection> {
  const connection = await connect(url, { timeout: CONNECT_TIMEOUT_MS }).catch((error: unknown) => {
    throw new Error(describeFailure(error, placeOf(url)), { cause: error });
  });
  connection.on('error', () => {}); // The call that it fails says so too.
  try {
    return await new Inspection(connection, topology).run();
  } finally {
    await connection.close().catch(() => {});
  }
}

class Inspection {
  private readonly problems: string[] = [];
  private readonly queues: InspectedQueue[] = [];
  private channel: Channel | undefined;

  constructor(
    private readonly connection: ChannelModel,
    private readonly topology: Topology,
  ) {}

  async run(): Promise<TopologyInspection> {
    const { topology } = this;
    const exchange = exchangeOf(topology);
    const deadLetters = deadLetterExchangeOf(topology);
    await this.exchange(exchange, 'direct');
    await this.exchange(deadLetters, 'direct');
    if (topology.subscriptions) await this.exchange(topicExchangeOf(topology), 'topic');
    for (const logical of topology.queues) {
      const topics = (topology.subscriptions ?? [])
        .filter(({ queue }) => queue === logical)
        .flatMap((subscription) => subscription.topics);
      await this.queue(queueOf(topology, logical), false, queueArguments(topology, logical), [
        [exchange, logical],
        ...topics.map((topic): [string, string] => [topicExchangeOf(topology), topic]),
      ]);
      const name = deadLetterQueueOf(topology, logical);
      await this.queue(name, true, deadLetterQueueArguments(topology), [[deadLetters, logical]]);
    }
    const { product, version } = this.connection.connection.serverProperties;
    return { broker: `${product} ${version}`, queues: this.queues, problems: this.problems };
  }

  private async exchange(name: string, type: string): Promise<void> {
    const missing = `There is no exchange ${name}: start any app anew, it is made then.`;
    if (!(await this.asks((channel) => channel.checkExchange(name), missing))) return;
    const other = `The exchange ${name} isn't a durable ${type} exchange: delete it while no app runs, it is made anew.`;
    await this.asks((channel) => channel.assertExchange(name, type, { durable: true }), other);
  }

  private async queue(
    name: string,
    isForDeadLetters: boolean,
    expected: Record<string, unknown>,
    bindings: readonly [exchange: string, key: string][],
  ): Promise<void> {
    const missing = `There is no queue ${name}: messages for it can't be published. Start its app anew, it is made then.`;
    const found = await this.asks((channel) => channel.checkQueue(name), missing);
    if (!found) return;
    const { messageCount: messages, consumerCount: consumers } = found;
    this.queues.push({ name, isForDeadLetters, messages, consumers });
    const other = `The queue ${name} has another type or other arguments: drain it and delete it while no app runs, it is made anew.`;
    await this.asks((channel) => channel.assertQueue(name, { durable: true, arguments: expected }), other);
    for (const [exchange, key] of bindings)
      await this.asks(
        (channel) => channel.bindQueue(name, exchange, key),
        `The queue ${name} can't be bound to ${exchange}: start any app anew, it is done then.`,
      );
  }

  /** A "no" ends the channel: the next question has a new one. */
  private async asks<Answer>(
    question: (channel: Channel) => PromiseLike<Answer>,
    problem: string,
  ): Promise<Answer | undefined> {
    this.channel ??= await this.open();
    try {
      return await question(this.channel);
    } catch (error) {
      if (!isNo(error)) throw error;
      this.channel = undefined;
      this.problems.push(problem);
      return undefined;
    }
  }

  private async open(): Promise<Channel> {
    const channel = await this.connection.createChannel();
    channel.on('error', () => {}); // The question that it ends says so too.
    return channel;
  }
}

/** 404: it isn't there; 406: it is something else. Anything else is no answer. */
function isNo(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === 404 || code === 406;
}
