import type { ConsumeMessage, MessageProperties } from 'amqplib';
import type { Delivery } from '@clew/broker';
import { unpacked } from './pack.js';
import { PackInHand, type PackPlace } from './pack-in-hand.js';

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
  /** If it came in a pack. */
  readonly place?: PackPlace;
}

export function deliveryOf(message: ConsumeMessage, queue: string, subscription: number): RabbitDelivery {
  const { deliveryTag: tag, routingKey, redelivered } = message.fields;
  const { properties, content } = message;
  return deliveryWith(properties, content, {
    queue,
    redelivered,
    origin: { subscription, tag, routingKey, properties },
  });
}

/**
 * A delivery for each message of a pack.
 *
 * @throws Error that says what is wrong with it
 */
export function deliveriesOf(pack: ConsumeMessage, queue: string, subscription: number): RabbitDelivery[] {
  const { deliveryTag: tag, redelivered } = pack.fields;
  const messages = unpacked(pack.content);
  const inHand = new PackInHand(messages.length);
  return messages.map(({ properties, content }, index) =>
    deliveryWith(properties, content, {
      queue,
      redelivered,
      origin: { subscription, tag, routingKey: queue, properties, place: { pack: inHand, index } },
    }),
  );
}

function deliveryWith(
  properties: MessageProperties,
  content: Buffer,
  rest: Pick<RabbitDelivery, 'queue' | 'redelivered' | 'origin'>,
): RabbitDelivery {
  return {
    content,
    messageId: properties.messageId,
    correlationId: properties.correlationId,
    type: properties.type,
    replyTo: properties.replyTo,
    timestamp: properties.timestamp,
    headers: properties.headers ?? {},
    ...rest,
  };
}
