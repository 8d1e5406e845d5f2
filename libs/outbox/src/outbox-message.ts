import type { OutgoingMessage } from '@clew/broker';
import { newId } from '@clew/ids';

/** A message with its row in the outbox. */
export interface OutboxMessage extends OutgoingMessage {
  /** Id of the row: a UUID of version 7. */
  readonly id: string;
}

/** Gives a message the id of its future row. */
export function outboxMessage(message: OutgoingMessage): OutboxMessage {
  return { ...message, id: newId() };
}
