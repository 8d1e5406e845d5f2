import type { OutboxMessage } from './outbox-message.js';

/** What became of the messages of one call; each is in exactly one of the lists. */
export interface PublishOutcome<Message> {
  /** The broker has them, durably. */
  readonly confirmed: Message[];
  /** The broker knows no queue for them. */
  readonly returned: Message[];
  /** Refused, or unknown: the connection went away before the confirm. */
  readonly failed: Message[];
}

/** The port to the broker: what the relay needs of a publisher with confirms. */
export interface MessagePublisher {
  /** Whether publishing makes sense now. */
  readonly ready: boolean;
  /** Never rejects and always settles. */
  publish<Message extends OutboxMessage>(messages: readonly Message[]): Promise<PublishOutcome<Message>>;
  /** Calls the listener whenever the publisher gets ready (again). Returns how to unsubscribe. */
  onReady(listener: () => void): () => void;
}
