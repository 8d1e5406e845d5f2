import type { Options } from 'amqplib';

/** A message to be sent through one of the topology's exchanges. */
export interface OutgoingMessage {
  /** Routing key: the logical name of a queue, or a topic. */
  readonly destination: string;
  /** The destination is a topic: every queue that has subscribed to it gets the message. */
  readonly topic?: true;
  /** Same id, same message: receivers recognise duplicates by it. At most 255 bytes, like the other properties. */
  readonly messageId: string;
  readonly correlationId: string;
  readonly type: string;
  readonly replyTo?: string;
  readonly headers: Readonly<Record<string, string | number>>;
  /** JSON text, already serialised. It is sent as it is, in UTF-8. */
  readonly payload: string;
}

/**
 * What became of each message of one call, as the caller's own objects, each in exactly one of the lists, in the order
 * they were given in.
 */
export interface PublishResult<T> {
  /** The broker has them in every queue they are for, on disk. */
  readonly confirmed: T[];
  /** The broker has no queue for their destination, or none has subscribed to it, and doesn't keep them. */
  readonly returned: T[];
  /** Not known to be there. They may be: a connection can be lost between the message and its confirm. Send them again. */
  readonly failed: T[];
}

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
