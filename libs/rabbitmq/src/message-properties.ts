import type { Options } from 'amqplib';
import type { OutgoingMessage } from '@clew/broker';

/** As it goes over the wire: kept on disk, and given back if there is no queue for it. */
export function propertiesOf(message: OutgoingMessage): Options.Publish {
  return {
    persistent: true,
    mandatory: true,
    contentType: 'application/json',
    timestamp: Math.floor(Date.now() / 1000),
    messageId: message.messageId,
    correlationId: message.correlationId,
    type: message.type,
    replyTo: message.replyTo,
    headers: message.headers,
  };
}
