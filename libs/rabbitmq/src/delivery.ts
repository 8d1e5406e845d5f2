import type { ConsumeMessage, MessageProperties } from 'amqplib';

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
  /** It was handed out before, to this program or another. False doesn't mean that it is no duplicate. */
  readonly redelivered: boolean;
  /** Logical name of the queue. */
  readonly queue: string;
  /** What acking and parking need. Opaque to everyone else. */
  readonly origin: DeliveryOrigin;
}

export interface DeliveryOrigin {
  /** Number of the subscription it came by; only that subscription can ack it. */
  readonly subscription: number;
  readonly tag: number;
  readonly routingKey: string;
  readonly properties: MessageProperties;
}

export function deliveryOf(message: ConsumeMessage, queue: string, subscription: number): Delivery {
  const { fields, properties } = message;
  return {
    content: message.content,
    messageId: properties.messageId,
    correlationId: properties.correlationId,
    type: properties.type,
    replyTo: properties.replyTo,
    timestamp: properties.timestamp,
    headers: properties.headers ?? {},
    redelivered: fields.redelivered,
    queue,
    origin: { subscription, tag: fields.deliveryTag, routingKey: fields.routingKey, properties },
  };
}
