import type { ConsumeMessage, MessageProperties } from 'amqplib';
import type { Delivery } from '@clew/broker';
import { unpacked } from './pack.js';
import { PackInHand, type PackPlace } from './pack-in-hand.js';
import { senderOf, withoutSender } from './sender.js';

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

/** Who has received it, and by what. */
export interface Reception {
  /** Logical name of the queue. */
  readonly queue: string;
  readonly subscription: number;
  /** Whom the receiver has logged in as. */
  readonly user: string;
}

export function deliveryOf(message: ConsumeMessage, reception: Reception): RabbitDelivery {
  const { queue, subscription, user } = reception;
  const { deliveryTag: tag, routingKey, redelivered } = message.fields;
  const { properties, content } = message;
  return deliveryWith(properties, content, user, {
    queue,
    redelivered,
    origin: { subscription, tag, routingKey, properties },
  });
}

/**
 * A delivery for each message of a pack, all of them from whoever has sent the pack.
 *
 * @throws Error that says what is wrong with it
 */
export function deliveriesOf(pack: ConsumeMessage, reception: Reception): RabbitDelivery[] {
  const { queue, subscription, user } = reception;
  const { deliveryTag: tag, redelivered } = pack.fields;
  const messages = unpacked(pack.content, pack.properties.userId);
  const inHand = new PackInHand(messages.length);
  return messages.map(({ properties, content }, index) =>
    deliveryWith(properties, content, user, {
      queue,
      redelivered,
      origin: { subscription, tag, routingKey: queue, properties, place: { pack: inHand, index } },
    }),
  );
}

function deliveryWith(
  properties: MessageProperties,
  content: Buffer,
  user: string,
  { queue, redelivered, origin }: Pick<RabbitDelivery, 'queue' | 'redelivered' | 'origin'>,
): RabbitDelivery {
  const sender = senderOf(properties, user);
  const delivery: RabbitDelivery = {
    content,
    messageId: properties.messageId,
    correlationId: properties.correlationId,
    type: properties.type,
    replyTo: properties.replyTo,
    timestamp: properties.timestamp,
    headers: withoutSender(properties.headers ?? {}),
    queue,
    redelivered,
    origin,
  };
  return sender === undefined ? delivery : Object.assign(delivery, { sender });
}
