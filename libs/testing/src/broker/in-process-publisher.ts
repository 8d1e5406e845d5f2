import { setImmediate as nextTurn } from 'node:timers/promises';
import type {
  BrokerPublisher,
  Delivery,
  OutgoingMessage,
  PublisherOptions,
  PublishResult,
} from '@clew/broker';
import type { BrokerMemory, Client } from './broker-memory.js';
import { checkSubscriptions } from './check-subscriptions.js';
import type { Origin } from './in-process-consumer.js';
import type { StoredMessage } from './memory-queue.js';

/**
 * Publishes into the memory. The confirm comes a turn after the message, so an outage may come between the two: then the
 * message is there and has failed all the same, as with a real broker.
 */
export class InProcessPublisher implements BrokerPublisher, Client {
  readonly #listeners = new Set<() => void>();
  /** Counts the connections, so that a confirm knows whether it is still the one its message went by. */
  #connection = 0;
  #isUp = false;

  constructor(
    private readonly memory: BrokerMemory,
    private readonly options: PublisherOptions,
  ) {
    checkSubscriptions(options.routes);
  }

  /** Memory is all there is: it never asks anybody to wait. */
  readonly blocked = false;

  get ready(): boolean {
    return this.#isUp;
  }

  start(): void {
    this.memory.connect(this);
  }

  onReady(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async publish<T extends OutgoingMessage>(messages: readonly T[]): Promise<PublishResult<T>> {
    if (!this.#isUp) return { confirmed: [], returned: [], failed: [...messages] };
    const connection = this.#connection;
    const outcomes = messages.map((message) => this.#send(message));
    await nextTurn();
    const isConfirmed = connection === this.#connection && this.#isUp;
    const of = (outcome: keyof PublishResult<T>) =>
      messages.filter((_, index) => (isConfirmed ? outcomes[index] : 'failed') === outcome);
    return { confirmed: of('confirmed'), returned: of('returned'), failed: of('failed') };
  }

  async publishDeadLetter(delivery: Delivery, reason: string): Promise<boolean> {
    if (!this.#isUp) return false;
    const connection = this.#connection;
    const { message, returns } = (delivery.origin as Origin).place;
    const { messageId, content } = message;
    const letter = { messageId, content, reason, message, returns, parkedAt: new Date() };
    this.memory.queue(delivery.queue)?.deadLetters.add(letter);
    await nextTurn();
    return connection === this.#connection && this.#isUp;
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    this.memory.disconnect(this);
  }

  onUp(): void {
    this.memory.declare(this.options.routes);
    this.#connection += 1;
    this.#isUp = true;
    for (const listener of this.#listeners) {
      try {
        listener();
      } catch (error) {
        this.options.logger.error(`A listener for "ready" failed, which is a bug: ${String(error)}`);
      }
    }
  }

  onDown(): void {
    this.#isUp = false;
  }

  #send(message: OutgoingMessage): keyof PublishResult<OutgoingMessage> {
    try {
      if (message.topic && !this.options.routes.subscriptions)
        throw new Error('topics need subscriptions in the routes, if only an empty list');
      const stored = storedMessage(message);
      const queues = this.memory.queuesFor(message);
      for (const queue of queues) queue.push(stored);
      return queues.length > 0 ? 'confirmed' : 'returned';
    } catch (error) {
      this.options.logger.error(`Message ${message.messageId} can't be sent, now or ever: ${String(error)}`);
      return 'failed';
    }
  }
}

function storedMessage({ payload, topic: _, ...message }: OutgoingMessage): StoredMessage {
  return {
    ...message,
    headers: { ...message.headers },
    content: Buffer.from(payload),
    timestamp: Math.floor(Date.now() / 1000),
  };
}
