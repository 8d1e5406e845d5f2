import type { Broker, Routes } from '@clew/broker';
import { RabbitConsumer } from './rabbit-consumer.js';
import { RabbitDeadLetters } from './rabbit-dead-letters.js';
import { RabbitPublisher } from './rabbit-publisher.js';
import type { Topology } from './topology.js';

export interface RabbitmqOptions extends Pick<Topology, 'namespace' | 'queueType' | 'deliveryLimit'> {
  /** `amqp://user:password@host:5672/vhost`, or `amqps:`. */
  readonly url: string;
  /** Whether messages that are sent together to one queue may go out as one. Default true. */
  readonly packs?: boolean;
}

/**
 * RabbitMQ as the broker of a program. All who talk to one another share the namespace.
 *
 * @throws TypeError, when a publisher or consumer is made, if the URL is none of RabbitMQ's
 */
export function rabbitmq({ url, packs = true, ...layout }: RabbitmqOptions): Broker {
  const topologyOf = (routes: Routes): Topology => ({ ...layout, ...routes });
  return {
    publisher: ({ routes, ...options }) =>
      new RabbitPublisher({
        url,
        topology: topologyOf(routes),
        ...(!packs && { mostInPack: 1 }),
        ...options,
      }),
    consumer: ({ routes, ...options }) =>
      new RabbitConsumer({ url, topology: topologyOf(routes), ...options }),
    deadLetters: ({ routes, ...options }) =>
      new RabbitDeadLetters({ url, topology: topologyOf(routes), ...options }),
  };
}
