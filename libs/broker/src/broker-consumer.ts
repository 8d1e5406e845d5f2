import type { Delivery } from './delivery.js';

/** Receives from one queue and acks in batches. Several consumers of a queue share its messages. */
export interface BrokerConsumer {
  /** The broker has confirmed the subscription and it is still there. */
  readonly subscribed: boolean;
  /**
   * Begins to connect, and goes on for ever. Resolves when the broker has confirmed the first subscription, or when this is
   * stopped or closed before that. Never rejects. Calling it again begins nothing new.
   */
  start(): Promise<void>;
  /**
   * Acks deliveries of this consumer. One that was sent together with another may yet come again until that is acked, too. Those of a subscription that is gone are passed over, as the broker delivers them
   * again; so are those that were acked before. Never throws.
   */
  ack(deliveries: readonly Delivery[]): void;
  /**
   * Puts a delivery that can't be worked on to the dead letters, with the reason, and acks it then. Tries until that has
   * worked or the delivery is void: it is never in neither place, but may be in both after a crash. Never rejects.
   */
  park(delivery: Delivery, reason: string): Promise<void>;
  /**
   * Ends the subscription: from this call on nothing more is handed over. What was can still be acked, until `close()`.
   * Never rejects.
   */
  stop(): Promise<void>;
  /** For good. Acks given before count; what isn't acked goes back to its queue. Resolves when nothing of it is left. */
  close(): Promise<void>;
}
