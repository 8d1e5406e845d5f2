import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Channel, ConsumeMessage, Message } from 'amqplib';
import type { BrokerConsumer, Logger } from '@clew/broker';
import { pauseAfter, reconnectBackoff } from './backoff.js';
import { deliveriesOf, deliveryOf, type DeliveryOrigin, type RabbitDelivery } from './delivery.js';
import { HandOver } from './hand-over.js';
import { packContentType } from './pack.js';
import { ParkingLog } from './parking-log.js';
import { QuietLog } from './quiet-log.js';
import { ReconnectingConnection } from './reconnecting-connection.js';
import { userOf } from './sender.js';
import {
  assertTopology,
  checkSubscriptions,
  exchangeOf,
  packKeyOf,
  queueOf,
  type Topology,
} from './topology.js';
import { UnackedDeliveries } from './unacked-deliveries.js';

/** How long to wait for the broker to confirm the end of a subscription, in milliseconds. */
const cancelLimitMs = 2_000;

export interface RabbitConsumerOptions {
  /** `amqp://user:password@host:5672/vhost`, or `amqps:`. */
  readonly url: string;
  readonly topology: Topology;
  /** Logical name of the queue; one of the topology's. */
  readonly queue: string;
  /** How many deliveries may be unacked at once, from 1 to 65,535. Twice the size of a batch keeps the receiver busy. */
  readonly prefetch: number;
  /**
   * Called synchronously for each delivery, in the order of the queue. It is meant to put it away and return: work that
   * throws here is a bug, and its delivery is parked.
   */
  readonly onDelivery: (delivery: RabbitDelivery) => void;
  /** All deliveries that were handed over and not acked are void: the broker will deliver them again. */
  readonly onLost?: () => void;
  /** By which parked messages go to the dead letters. */
  readonly publisher: { publishDeadLetter(delivery: RabbitDelivery, reason: string): Promise<boolean> };
  readonly logger: Logger;
}

interface Subscription {
  readonly number: number;
  readonly channel: Channel;
  readonly unacked: UnackedDeliveries;
  readonly handOver: HandOver;
  /** Aborted when the channel is gone. */
  readonly gone: AbortController;
  consumerTag: string | undefined;
}

/** Receives from one queue and acks in batches. Goes on by itself after whatever has interrupted it. */
export class RabbitConsumer implements BrokerConsumer {
  readonly #options: RabbitConsumerOptions;
  readonly #user: string;
  readonly #connection: ReconnectingConnection<Channel>;
  readonly #log: QuietLog;
  readonly #parkingLog: ParkingLog;
  readonly #started: Promise<void>;
  #tellStarted!: () => void;
  #subscriptions = 0;
  #subscription: Subscription | undefined;
  #isUp = false;
  #isStopped = false;
  #stopping: Promise<void> | undefined;

  /** @throws TypeError if the URL is none of RabbitMQ's; RangeError if the queue or the prefetch can't be right */
  constructor(options: RabbitConsumerOptions) {
    const { url, topology, queue, prefetch, logger } = options;
    checkSubscriptions(topology);
    if (!topology.queues.includes(queue))
      throw new RangeError(`The queue "${queue}" is not in the topology: ${topology.queues.join(', ')}.`);
    if (!Number.isInteger(prefetch) || prefetch < 1 || prefetch > 65_535)
      throw new RangeError(`The prefetch must be a whole number from 1 to 65,535, not ${prefetch}.`);
    this.#options = options;
    this.#user = userOf(url);
    this.#log = new QuietLog(logger);
    this.#parkingLog = new ParkingLog(logger);
    this.#started = new Promise((resolve) => (this.#tellStarted = resolve));
    this.#connection = new ReconnectingConnection<Channel>({
      url,
      name: `consumer of ${queue}`,
      logger,
      openChannel: (connection) => connection.createChannel(),
      setUp: (channel) => this.#subscribe(channel),
      onUp: () => {
        this.#isUp = true;
        this.#tellStarted();
      },
      onDown: () => this.#onDown(),
    });
  }

  /** The broker has confirmed the subscription and it is still there. */
  get subscribed(): boolean {
    return this.#isUp && !this.#isStopped;
  }

  /**
   * Begins to connect, and goes on for ever. Resolves when the broker has confirmed the first subscription, or when this is
   * stopped or closed before that. Never rejects.
   */
  start(): Promise<void> {
    this.#connection.start();
    return this.#started;
  }

  /**
   * Acks deliveries, with as few frames as may be. Those of a subscription that is gone are passed over, as the broker
   * delivers them again; so are those that were acked before. Never throws.
   */
  ack(deliveries: readonly RabbitDelivery[]): void {
    const subscription = this.#subscription;
    if (!subscription) return;
    const tags = new Set<number>();
    const settled: RabbitDelivery[] = [];
    for (const delivery of deliveries) {
      const { origin } = delivery;
      if (origin.subscription !== subscription.number) continue;
      const { place, tag } = origin;
      if (tags.has(tag) || isSettled(subscription, origin)) continue;
      settled.push(delivery);
      if (!place || place.pack.settle(place.index)) tags.add(tag);
    }
    const { upTo, singly } = subscription.unacked.settle([...tags]);
    try {
      if (upTo !== undefined) subscription.channel.ack(messageOf(upTo), true);
      for (const tag of singly) subscription.channel.ack(messageOf(tag));
    } catch {
      // The channel died just now. The broker delivers them again.
    }
    subscription.handOver.settled(settled);
  }

  /**
   * Puts a delivery that can't be worked on to the dead letters, with the reason, and acks it then. Tries until that has
   * worked or the delivery is void: it is never in neither place, but may be in both after a crash. Says so in the log, of
   * many at a time only once a second. Never rejects.
   */
  async park(delivery: RabbitDelivery, reason: string): Promise<void> {
    const gone = this.#subscription?.gone.signal;
    for (let failures = 1; this.#isOpen(delivery); failures += 1) {
      if (await this.#options.publisher.publishDeadLetter(delivery, reason)) {
        this.ack([delivery]);
        this.#parkingLog.parked(delivery, reason);
        return;
      }
      this.#log.warn(
        `A message of ${delivery.queue} can't be parked yet: it stays in its queue and is tried again.`,
      );
      const pause = pauseAfter(failures, reconnectBackoff);
      await delay(pause, undefined, { signal: gone }).catch(() => {});
    }
  }

  /**
   * Ends the subscription: from this call on nothing more is handed over. What was can still be acked, until `close()`.
   * Never rejects.
   */
  stop(): Promise<void> {
    return (this.#stopping ??= this.#stop());
  }

  /** For good. Acks given before are sent; what isn't acked goes back to its queue. Resolves when no socket is left. */
  async close(): Promise<void> {
    this.#isStopped = true;
    this.#tellStarted();
    await this.#connection.close();
    this.#parkingLog.close();
  }

  async #stop(): Promise<void> {
    this.#isStopped = true;
    this.#tellStarted();
    const { channel, consumerTag, gone } = this.#subscription ?? {};
    if (!channel || !gone || consumerTag === undefined) return;
    // If the channel dies, or stays silent, there is nothing left to cancel.
    const answered = new AbortController();
    const signal = AbortSignal.any([gone.signal, answered.signal]);
    const patience = delay(cancelLimitMs, undefined, { signal }).catch(() => {});
    await Promise.race([channel.cancel(consumerTag).catch(() => {}), patience]);
    answered.abort();
  }

  async #subscribe(channel: Channel): Promise<void> {
    const { topology, queue, prefetch } = this.#options;
    await assertTopology(channel, topology);
    // So who sends knows that packs are taken here.
    await channel.bindQueue(queueOf(topology, queue), exchangeOf(topology), packKeyOf(queue));
    await channel.prefetch(prefetch);
    if (this.#isStopped) return;
    const subscription: Subscription = {
      number: (this.#subscriptions += 1),
      channel,
      unacked: new UnackedDeliveries(),
      handOver: new HandOver(prefetch, (message) => this.#handOver(subscription, message)),
      gone: new AbortController(),
      consumerTag: undefined,
    };
    // Everything that waits to be parked listens, which is no leak.
    setMaxListeners(0, subscription.gone.signal);
    // Deliveries can come before the confirmation has been read.
    this.#subscription = subscription;
    const { consumerTag } = await channel.consume(queueOf(topology, queue), (message) =>
      this.#onMessage(subscription, message),
    );
    subscription.consumerTag = consumerTag;
    if (this.#isStopped) await channel.cancel(consumerTag);
  }

  #onMessage(subscription: Subscription, message: ConsumeMessage | null): void {
    if (this.#isStopped || subscription !== this.#subscription) return;
    if (!message) {
      this.#connection.restart('The broker ended the subscription: the queue was deleted or moved.');
      return;
    }
    subscription.handOver.take(message);
  }

  /** @returns the deliveries that it came to */
  #handOver(subscription: Subscription, message: ConsumeMessage): readonly RabbitDelivery[] {
    if (this.#isStopped || subscription !== this.#subscription) return [];
    const { queue } = this.#options;
    const reception = { queue, subscription: subscription.number, user: this.#user };
    let deliveries: RabbitDelivery[];
    try {
      const isPack = message.properties.contentType === packContentType;
      deliveries = isPack ? deliveriesOf(message, reception) : [deliveryOf(message, reception)];
    } catch (error) {
      const pack = deliveryOf(message, reception);
      void this.park(pack, `It can't be unpacked: ${(error as Error).message}`);
      return [pack];
    }
    for (const delivery of deliveries) this.#deliver(delivery);
    return deliveries;
  }

  #deliver(delivery: RabbitDelivery): void {
    try {
      this.#options.onDelivery(delivery);
    } catch (error) {
      this.#log.error(`Taking over a delivery of ${delivery.queue} failed, which is a bug: ${String(error)}`);
      void this.park(delivery, `Taking it over failed: ${String(error)}`);
    }
  }

  #onDown(): void {
    this.#isUp = false;
    const subscription = this.#subscription;
    if (!subscription) return;
    this.#subscription = undefined;
    subscription.gone.abort();
    try {
      this.#options.onLost?.();
    } catch (error) {
      this.#log.error(`A listener for lost deliveries failed, which is a bug: ${String(error)}`);
    }
  }

  #isOpen({ origin }: RabbitDelivery): boolean {
    const subscription = this.#subscription;
    return subscription?.number === origin.subscription && !isSettled(subscription, origin);
  }
}

function isSettled({ unacked }: Subscription, { tag, place }: DeliveryOrigin): boolean {
  return unacked.isSettled(tag) || place?.pack.isSettled(place.index) === true;
}

/** As much of a message as amqplib looks at for an ack. */
function messageOf(deliveryTag: number): Message {
  return { fields: { deliveryTag } } as Message;
}
