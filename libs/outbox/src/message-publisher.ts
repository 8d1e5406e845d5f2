import type { BrokerPublisher, PublishResult } from '@clew/broker';
import type { OutboxMessage } from './outbox-message.js';

/** What the relay needs of a publisher. */
export interface MessagePublisher extends Pick<BrokerPublisher, 'ready' | 'onReady'> {
  /** Never rejects and always settles. */
  publish<Message extends OutboxMessage>(messages: readonly Message[]): Promise<PublishResult<Message>>;
}
