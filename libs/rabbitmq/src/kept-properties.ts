import type { MessageProperties, Options } from 'amqplib';

/**
 * What a copy of a message keeps of its properties, besides headers. Not those that would act on the broker: an expiration
 * would make it vanish, a user id of someone else be refused.
 */
export function keptProperties({
  contentType,
  contentEncoding,
  correlationId,
  replyTo,
  messageId,
  timestamp,
  type,
  appId,
  priority,
}: MessageProperties): Options.Publish {
  return {
    persistent: true,
    mandatory: true,
    contentType,
    contentEncoding,
    correlationId,
    replyTo,
    messageId,
    timestamp,
    type,
    appId,
    priority,
  };
}
