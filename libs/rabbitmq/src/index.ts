/**
 * RabbitMQ for at-least-once work in batches: a publisher that knows what became of every message, and a consumer that acks
 * many at once. `rabbitmq(…)` is the adapter for the port `@clew/broker`. Knows nothing of sagas, outboxes, Nest or Prisma.
 *
 * Guarantees
 * - A message that `publish()` calls confirmed is on the broker's disk in its queue, or in every queue that has subscribed
 *   to its topic. It always says something of every message: confirmed, returned (there is no such queue, or nobody has
 *   subscribed) or failed (unknown: send it again).
 * - A delivery leaves its queue only after `ack()`, or after its copy among the dead letters is confirmed (`park()`).
 * - A dead letter leaves its queue only after its copy is confirmed in the queue that parked it, or when it is discarded. Being
 *   listed doesn't count against it.
 * - Publisher and consumer come back by themselves after whatever ended their connection or channel: a restart or crash of
 *   the broker, a network that swallows packets, a deleted queue. Nothing they do rejects or throws because of the broker.
 * - What waits in memory is bounded, by `maxInFlight` on one side and `prefetch` on the other.
 * - What one call sends to one queue goes out as packs, to a receiver that has said that it takes them (by a binding of its
 *   own); each message keeps its id and its fate, and a lone one its plain form.
 *
 * Not guaranteed
 * - Exactly once: after a lost connection both a message that failed and one that wasn't acked in time may come twice.
 *   Receivers must recognise duplicates by `messageId`.
 * - That a message which was acked stays away while another of its pack isn't.
 * - Order, across redeliveries or several consumers.
 * - Anything by a single RabbitMQ 3.10 node that is killed within a second of declaring a quorum queue: it forgets the
 *   queue with what it had confirmed for it.
 */
export { parkedAtHeader, reasonHeader, returnsHeader, routingKeyHeader } from './dead-letter.js';
export type { RabbitDelivery } from './delivery.js';
export { packContentType, unpacked, type PackedMessage } from './pack.js';
export { permissionsFor, type Permissions } from './permissions.js';
export { inspectTopology, type InspectedQueue, type TopologyInspection } from './inspect-topology.js';
export { RabbitConsumer, type RabbitConsumerOptions } from './rabbit-consumer.js';
export { RabbitPublisher } from './rabbit-publisher.js';
export type { RabbitPublisherOptions } from './rabbit-publisher-options.js';
export { rabbitmq, type RabbitmqOptions } from './rabbitmq.js';
export {
  assertTopology,
  deadLetterExchangeOf,
  deadLetterQueueOf,
  defaultNamespace,
  deleteTopology,
  exchangeOf,
  packKeyOf,
  queueOf,
  topicExchangeOf,
  type Topology,
} from './topology.js';
