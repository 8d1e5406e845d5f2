import type { Delivery } from './delivery.js';
import type { OutgoingMessage, PublishResult } from './outgoing-message.js';

/** Publishes batches of durable messages and says of each what became of it. */
export interface BrokerPublisher {
  /** The routes are there and the broker takes messages. */
  readonly ready: boolean;
  /** The broker is there and asks everybody to publish nothing for the moment. */
  readonly blocked: boolean;
  /**
   * Begins to connect, and goes on for ever. Never throws; `ready` and `onReady` tell how it goes. Calling it again, or after
   * `close()`, does nothing.
   */
  start(): void;
  /**
   * Calls the listener each time this becomes ready, not for being so already.
   *
   * @returns how to unsubscribe
   */
  onReady(listener: () => void): () => void;
  /**
   * Sends messages and resolves when the fate of each is known. Never rejects, and always settles: fails at once when not
   * `ready`, and before long if the broker falls silent. Any number of calls may be under way. What one call sends to one queue
   * may travel together, and then comes again together.
   */
  publish<T extends OutgoingMessage>(messages: readonly T[]): Promise<PublishResult<T>>;
  /**
   * Puts a copy of a delivery, with the reason, among the dead letters of the queue it came from. Never rejects.
   *
   * @returns whether the broker has confirmed it
   */
  publishDeadLetter(delivery: Delivery, reason: string): Promise<boolean>;
  /** For good. What isn't confirmed by then fails. Resolves when nothing of it is left. */
  close(): Promise<void>;
}
