import { forgetMessage } from '@clew/envelope';
import { parkedAtHeader, reasonHeader, returnsHeader, routingKeyHeader } from '@clew/rabbitmq';
import { NOBODYS_SAGA } from './examples.js';
import { messageOf, object, TEXT, UUID, WHOLE, type Message } from './message.js';

/** Tells a participant which sagas ended so long ago that it may forget them. */
export function forgetMessageOf(): Message {
  const { type, messageId } = forgetMessage(NOBODYS_SAGA, [], '');
  return messageOf({
    name: type,
    title: 'Sagas that may be forgotten',
    type,
    messageId: { ...TEXT, pattern: `^${type}/[0-9a-f-]{36}$`, examples: [messageId] },
    headers: {},
    payload: object({
      sagas: { type: 'array', items: UUID, minItems: 1, maxItems: 500, description: 'Ids of the sagas.' },
    }),
  });
}

/** What could not be worked on: any message, or none of ours at all, with what parking adds to its headers. */
export function deadLetterMessage(): object {
  const headers = {
    type: 'object',
    properties: {
      [reasonHeader]: { type: 'string', maxLength: 2_000, description: 'Why.' },
      [parkedAtHeader]: { type: 'string', format: 'date-time', description: 'When.' },
      [routingKeyHeader]: { type: 'string', description: 'That it had come with.' },
      [returnsHeader]: { ...WHOLE, description: 'How often it had gone back to its queue.' },
    },
    additionalProperties: true,
  };
  return {
    name: 'dead-letter',
    title: 'A dead letter: bytes, properties and headers of the original, and why it was parked',
    headers,
    payload: {},
    bindings: { amqp: { bindingVersion: '0.3.0' } },
    examples: [
      {
        name: 'example',
        headers: {
          [reasonHeader]: 'No handler takes commands of type flights.fly',
          [parkedAtHeader]: '2027-05-01T12:00:00.250Z',
          [routingKeyHeader]: 'flights.commands',
          [returnsHeader]: 7,
        },
        payload: {},
      },
    ],
  };
}
