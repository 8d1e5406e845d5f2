import type { ConsumeMessage, MessageProperties } from 'amqplib';
import type { Delivery } from '@clew/broker';

/** A delivery with what acking and parking need. */
export interface RabbitDelivery extends Delivery {
  /** It was handed out before, to this program or another. False doesn't mean that it is no duplicate. */
  readonly redelivered: boolean;
  readonly origin: DeliveryOrigin;
}

export interface DeliveryOrigin {
  /** Number of the subscription it came by; only that subscription can ack it. */
  readonly subscription: number;
  readonly tag: number;
  readonly routingKey: string;
  readonly properties: MessageProperties;
}

export function deliveryOf(message: ConsumeMessage, queue: string, subscription: number): RabbitDelivery {
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
