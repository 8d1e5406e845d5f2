import { setMaxListeners } from 'node:events';
import type { BrokerConsumer, ConsumerOptions, Delivery } from '@clew/broker';
import type { BrokerMemory, Client } from './broker-memory.js';
import { checkSubscriptions } from './check-subscriptions.js';
import type { Place, Subscription } from './memory-queue.js';

/** What acking and parking need. A place is of one subscription only. */
export interface Origin {
  readonly subscription: Subscription;
  readonly place: Place;
}

/** Receives from a queue of the memory, as long as the broker is there. */
export class InProcessConsumer implements BrokerConsumer, Client {
  readonly #started: Promise<void>;
  #tellStarted!: () => void;
  #subscription: Subscription | undefined;
  #isStopped = false;
  #gone = new AbortController();

  constructor(
    private readonly memory: BrokerMemory,
    private readonly options: ConsumerOptions,
  ) {
    const { routes, queue, prefetch } = options;
    checkSubscriptions(routes);
    if (!routes.queues.includes(queue)) throw new RangeError(`The queue "${queue}" is not in the routes.`);
    if (!Number.isInteger(prefetch) || prefetch < 1 || prefetch > 65_535)
      throw new RangeError(`The prefetch must be a whole number from 1 to 65,535, not ${prefetch}.`);
    this.#started = new Promise((resolve) => (this.#tellStarted = resolve));
  }

  get subscribed(): boolean {
    return this.#subscription !== undefined && !this.#isStopped;
  }

  start(): Promise<void> {
    this.memory.connect(this);
    return this.#started;
  }

  ack(deliveries: readonly Delivery[]): void {
    for (const { origin } of deliveries) {
      const { subscription, place } = origin as Origin;
      subscription.settle(place);
    }
  }

  async park(delivery: Delivery, reason: string): Promise<void> {
    const { publisher, logger } = this.options;
    const { subscription, place } = delivery.origin as Origin;
    while (subscription.isOpen(place)) {
      if (await publisher.publishDeadLetter(delivery, reason)) {
        this.ack([delivery]);
        logger.error(`Parked a message of ${delivery.queue} (${delivery.messageId}): ${reason}`);
      } else await this.#untilPublisherIsReadyOrThisIsDown();
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#subscription?.stop();
    this.#tellStarted();
  }

  async close(): Promise<void> {
    await this.stop();
    this.memory.disconnect(this);
  }

  onUp(): void {
    const { routes, queue, prefetch } = this.options;
    this.memory.declare(routes);
    if (this.#isStopped) return;
    this.#gone = new AbortController();
    setMaxListeners(0, this.#gone.signal); // Everything that waits to be parked listens, which is no leak.
    const subscription = this.memory.queue(queue)!.subscribe(prefetch, (place) => {
      this.#take({ subscription, place });
    });
    this.#subscription = subscription;
    this.#tellStarted();
  }

  onDown(): void {
    if (!this.#subscription) return;
    this.#subscription.end();
    this.#subscription = undefined;
    this.#gone.abort();
    try {
      this.options.onLost?.();
    } catch (error) {
      this.options.logger.error(`A listener for lost deliveries failed, which is a bug: ${String(error)}`);
    }
  }

  #take(origin: Origin): void {
    const { destination: _, ...message } = origin.place.message;
    // A copy: another queue may hand out the same message, and a receiver change what it gets.
    const headers = { ...message.headers };
    const content = Buffer.from(message.content);
    const delivery: Delivery = { ...message, headers, content, queue: this.options.queue, origin };
    try {
      this.options.onDelivery(delivery);
    } catch (error) {
      this.options.logger.error(`Taking over a delivery failed, which is a bug: ${String(error)}`);
      void this.park(delivery, `Taking it over failed: ${String(error)}`);
    }
  }

  async #untilPublisherIsReadyOrThisIsDown(): Promise<void> {
    const { signal } = this.#gone;
    let unsubscribe = () => {};
    await new Promise<void>((resolve) => {
      unsubscribe = this.options.publisher.onReady(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
      if (signal.aborted) resolve();
    });
    unsubscribe();
  }
}
