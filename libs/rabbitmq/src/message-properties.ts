import type { Options } from 'amqplib';
import type { OutgoingMessage } from '@clew/broker';
import { packContentType } from './pack.js';
import type { Pack } from './packing.js';

/**
 * As it goes over the wire: kept on disk, and given back if there is no queue for it.
 *
 * @param userId of the connection that it goes by: RabbitMQ closes the channel over any other
 */
export function propertiesOf(message: OutgoingMessage, userId: string): Options.Publish {
  return {
    persistent: true,
    mandatory: true,
    contentType: 'application/json',
    timestamp: nowInSeconds(),
    userId,
    messageId: message.messageId,
    correlationId: message.correlationId,
    type: message.type,
    replyTo: message.replyTo,
    headers: message.headers,
  };
}

/** The same of a pack, whose messages have their own. */
export function propertiesOfPack({ messageId, packs }: Pack, userId: string): Options.Publish {
  return {
    persistent: true,
    mandatory: true,
    contentType: packContentType,
    timestamp: nowInSeconds(),
    userId,
    messageId,
    type: 'clew.pack',
    headers: { messages: packs.length },
  };
}

/** As AMQP counts it: since 1970, by the clock of this process. */
export function nowInSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}
