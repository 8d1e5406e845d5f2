import { v7 as uuidV7 } from 'uuid';

/** A message as the transport takes it. */
export interface TransportMessage {
  /** Routing key: the logical name of the queue, or a topic. */
  readonly destination: string;
  /** The destination is a topic: every queue that has subscribed to it gets the message. */
  readonly topic?: true;
  readonly messageId: string;
  readonly correlationId: string;
  readonly type: string;
  readonly replyTo?: string;
  readonly headers: Readonly<Record<string, string | number>>;
  /** JSON text. */
  readonly payload: string;
}

/** A message with its row in the outbox. */
export interface OutboxMessage extends TransportMessage {
  /** Id of the row: a UUID of version 7. */
  readonly id: string;
}

/** Gives a message the id of its future row. */
export function outboxMessage(message: TransportMessage): OutboxMessage {
  return { ...message, id: uuidV7() };
}
