import {
  deadLetterExchangeOf,
  deadLetterQueueOf,
  exchangeOf,
  queueOf,
  topicExchangeOf,
  type Topology,
} from './topology.js';

/** Of a user of RabbitMQ: patterns of names, as `rabbitmqctl set_permissions` takes them. */
export interface Permissions {
  readonly configure: string;
  readonly write: string;
  readonly read: string;
}

/**
 * The least that a program needs which declares this topology, publishes, and consumes from queues of it. RabbitMQ looks at
 * exchanges and not at routing keys: whoever may publish to one queue of the namespace may publish to each of them.
 */
export function permissionsFor(topology: Topology): Permissions {
  const exchanges = [
    exchangeOf(topology),
    deadLetterExchangeOf(topology),
    ...(topology.subscriptions ? [topicExchangeOf(topology)] : []),
  ];
  const queues = topology.queues.map((logical) => queueOf(topology, logical));
  const deadLetters = topology.queues.map((logical) => deadLetterQueueOf(topology, logical));
  // To bind a queue is to write to it and to read from the exchange.
  return {
    configure: patternOf([...exchanges, ...queues, ...deadLetters]),
    write: patternOf([...exchanges, ...queues, ...deadLetters]),
    read: patternOf([...exchanges, ...queues]),
  };
}

function patternOf(names: readonly string[]): string {
  return `^(${names.map((name) => name.replaceAll('.', '\\.')).join('|')})$`;
}
