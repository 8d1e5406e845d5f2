/**
 * The port to a message broker: all that sagas, participants and the outbox need of one. Types, and the little that every
 * adapter needs alike, such as what a topic pattern means; `@clew/rabbitmq` is an adapter, `docs/broker.md` tells how to write another, and `describeBroker` of
 * `@clew/testing/broker` has a test for each promise.
 *
 * An adapter promises
 * - Confirmed is kept: a confirmed message is in every queue it is for, durably, whether or not anybody receives from it yet.
 * - Every message of a call has one outcome, as the caller's own object. One that can't be sent fails alone. Publishing never
 *   rejects and always settles; at once when not ready.
 * - What no queue takes is told: it is returned, not dropped and not confirmed.
 * - Topics fan out: each queue that has subscribed gets the message, once however many of its patterns cover it.
 * - At least once: a delivery leaves its queue only after `ack()`, or after its copy among the dead letters is confirmed
 *   (`park()`). Several consumers of a queue share it.
 * - Deliveries that were lost with a subscription come again, and `onLost` says so before they do; acks of lost ones are
 *   passed over.
 * - Prefetch bounds what is handed over and not acked.
 * - Publisher and consumer come back by themselves after whatever ended their connection, and say so (`onReady`,
 *   `subscribed`). They may be started while the broker is away. Nothing they do rejects or throws because of the broker.
 * - From `stop()` on nothing more is handed over, and what was can still be acked.
 * - Dead letters can be looked at as often as one likes, and go back to the queue that parked them: to no other that has
 *   subscribed to the same topic. They are taken away only when their copy is confirmed there, or when somebody discards them.
 *
 * Not promised
 * - Exactly once: after a lost connection both a message that failed and one that wasn't acked in time may come twice.
 *   Receivers recognise duplicates by `messageId`.
 * - Order, across redeliveries, several calls or several consumers.
 */
export type { Broker, ConsumerOptions, DeadLettersOptions, PublisherOptions } from './broker.js';
export type { BrokerConsumer } from './broker-consumer.js';
export type { BrokerPublisher } from './broker-publisher.js';
export { BrokerUnavailable } from './broker-unavailable.js';
export { summaryOf, type DeadLetter, type DeadLetterSummary } from './dead-letter.js';
export { deadLetterId } from './dead-letter-id.js';
export { queuesOfSelection, WantedLetters, type DeadLetterSelection } from './dead-letter-selection.js';
export type { DeadLetterPage, DeadLetters, DeadLettersMoved } from './dead-letters.js';
export type { Delivery } from './delivery.js';
export type { Logger } from './logger.js';
export type { OutgoingMessage, PublishResult } from './outgoing-message.js';
export type { Routes, TopicSubscription } from './routes.js';
export { shownPayload } from './shown-payload.js';
export { matchesTopic } from './topic-pattern.js';
