import { factRoutesOf, journalQueueOf, replyQueueOf } from '@clew/envelope';
import {
  deadLetterExchangeOf,
  deadLetterQueueOf,
  defaultNamespace,
  exchangeOf,
  queueOf,
  topicExchangeOf,
} from '@clew/rabbitmq';
import { listenersOf } from '@clew/saga/core';
import { BookTripRequest } from '../../../apps/orchestrator/src/bookings/book-trip.request.dto.js';
import { choreographedSagas, sagaDefinitions } from '../../../apps/orchestrator/src/saga-definitions.js';
import { tripBooking } from '@clew/trip-booking';
import { commandMessageOf, commandsOf, ORCHESTRATOR, replyMessagesOf } from './command-messages.js';
import { factsOf, sharedSchemasOf } from './fact-messages.js';
import type { Message } from './message.js';
import { deadLetterMessage, forgetMessageOf } from './other-messages.js';

type Fields = Record<string, object>;

/** What choreographed sagas are started with, by their names. */
const INPUTS = { [tripBooking.name]: BookTripRequest };
const topology = { namespace: defaultNamespace, queues: [] };
const SENDING = { amqp: { deliveryMode: 2, mandatory: true, timestamp: true, bindingVersion: '0.3.0' } };
const RECEIVING = { amqp: { ack: true, bindingVersion: '0.3.0' } };

/** Everything that goes over RabbitMQ, as AsyncAPI 3.0: who sends what where, who takes it, and who answers. */
export function asyncApiDocument(): object {
  const messages: Fields = {};
  const channels: Fields = {};
  const operations: Fields = {};
  const schemas: Fields = {};
  const queues = new Set<string>();

  const channel = (
    name: string,
    address: string,
    title: string,
    route: object,
    carries: readonly string[],
  ) => {
    channels[name] = {
      address,
      title,
      messages: Object.fromEntries(
        carries.map((message) => [message, reference('components', 'messages', message)]),
      ),
      ...route,
    };
  };
  const operation = (
    name: string,
    action: 'send' | 'receive',
    to: string,
    carries: readonly string[],
    reply?: { readonly channel: string; readonly carries: readonly string[] },
  ) => {
    operations[name] = {
      action,
      channel: reference('channels', to),
      messages: carries.map((message) => reference('channels', to, 'messages', message)),
      bindings: action === 'send' ? SENDING : RECEIVING,
      ...(reply && {
        reply: {
          channel: reference('channels', reply.channel),
          messages: reply.carries.map((message) => reference('channels', reply.channel, 'messages', message)),
        },
      }),
    };
  };
  const add = (message: Message | ReturnType<typeof deadLetterMessage>): string => {
    const { name } = message as Message;
    messages[name] = message;
    return name;
  };

  const commands = commandsOf(sagaDefinitions);
  const replies = replyQueueOf(ORCHESTRATOR);
  const forget = add(forgetMessageOf());
  const repliesTo = new Map(commands.map((used) => [used, replyMessagesOf(used).map(add)]));
  channel(
    replies,
    replies,
    'Replies to the orchestrator',
    bound(queueOf(topology, replies), exchangeOf(topology)),
    [...repliesTo.values()].flat(),
  );
  for (const queue of new Set(commands.map((used) => used.queue))) {
    const app = queue.split('.')[0]!;
    const own = commands.filter((used) => used.queue === queue);
    const names = own.map((used) => add(commandMessageOf(used)));
    const forgets = app === ORCHESTRATOR ? [] : [forget];
    channel(queue, queue, `Commands of ${app}`, bound(queueOf(topology, queue), exchangeOf(topology)), [
      ...names,
      ...forgets,
    ]);
    const answers = { channel: replies, carries: own.flatMap((used) => repliesTo.get(used) ?? []) };
    operation(`${ORCHESTRATOR}-commands-${app}`, 'send', queue, names, answers);
    operation(`${app}-obeys-${ORCHESTRATOR}`, 'receive', queue, names, answers);
    if (forgets.length === 0) continue;
    operation(`${ORCHESTRATOR}-lets-${app}-forget`, 'send', queue, forgets);
    operation(`${app}-forgets`, 'receive', queue, forgets);
  }

  for (const definition of choreographedSagas) {
    const input = INPUTS[definition.name]!;
    const facts = factsOf(definition, input);
    Object.assign(schemas, sharedSchemasOf(definition, input));
    for (const { topic, speaker, message } of facts) {
      channel(topic, topic, message.title, topical(), [add(message)]);
      operation(`${speaker}-says-${keyOf(topic)}`, 'send', topic, [message.name]);
    }
    const { subscriptions } = factRoutesOf(listenersOf(definition));
    const journal = { queue: journalQueueOf(ORCHESTRATOR), topics: [`${definition.name}.journal`] };
    for (const { queue, topics } of [...subscriptions, journal]) {
      queues.add(queue);
      for (const { topic } of facts.filter((fact) => topics.includes(fact.topic)))
        operation(`${keyOf(queue)}-hears-${keyOf(topic)}`, 'receive', topic, [topic]);
    }
  }

  const deadLetter = add(deadLetterMessage());
  for (const queue of [...commands.map((used) => used.queue), replies]) queues.add(queue);
  for (const queue of queues) {
    const name = `${queue}.dead-letters`;
    channel(
      name,
      queue,
      `Dead letters of ${queue}`,
      bound(deadLetterQueueOf(topology, queue), deadLetterExchangeOf(topology)),
      [deadLetter],
    );
    operation(`${keyOf(queue)}-parks`, 'send', name, [deadLetter]);
    operation(`${ORCHESTRATOR}-redrives-${keyOf(queue)}`, 'receive', name, [deadLetter]);
  }

  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Clew on RabbitMQ',
      version: '1',
      description:
        'Commands, replies, facts and dead letters between the orchestrator and its participants. docs/envelope.md tells what they mean.',
    },
    defaultContentType: 'application/json',
    channels,
    operations,
    components: { messages, schemas },
  };
}

function reference(...path: readonly string[]): object {
  return { $ref: `#/${path.join('/')}` };
}

/** The keys of operations have no dots. */
function keyOf(name: string): string {
  return name.replaceAll('.', '-');
}

/** Of a queue the binding can't say which exchange leads to it: `x-exchange` does, by the address as routing key. */
function bound(queue: string, exchange: string): object {
  return {
    bindings: {
      amqp: {
        is: 'queue',
        queue: { name: queue, durable: true, exclusive: false, autoDelete: false },
        bindingVersion: '0.3.0',
      },
    },
    'x-exchange': { name: exchange, type: 'direct', durable: true },
  };
}

function topical(): object {
  const exchange = { name: topicExchangeOf(topology), type: 'topic', durable: true, autoDelete: false };
  return { bindings: { amqp: { is: 'routingKey', exchange, bindingVersion: '0.3.0' } } };
}
