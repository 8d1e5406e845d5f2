/** A message as it was received. It is the receiver's until acked, parked, or lost together with its subscription. */
export interface Delivery {
  /** The payload's bytes, whatever they are. */
  readonly content: Buffer;
  readonly messageId?: string;
  readonly correlationId?: string;
  readonly type?: string;
  readonly replyTo?: string;
  /** When it was published, in seconds since 1970, by the publisher's clock. */
  readonly timestamp?: number;
  readonly headers: Record<string, unknown>;
  /** The user of the broker who sent it, if the adapter can tell; RabbitMQ has checked it. */
  readonly sender?: string;
  /** Logical name of the queue. */
  readonly queue: string;
  /** What the adapter needs to ack and park it. Opaque to everyone else. */
  readonly origin: unknown;
}
