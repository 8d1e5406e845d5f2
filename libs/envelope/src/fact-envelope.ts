import { readPayload } from './command-envelope.js';
import { EnvelopeError, readInteger, readText, readUuid } from './fields.js';
import type { ReceivedMessage, WireMessage } from './wire-message.js';

/** What is said aloud about a choreographed saga, on its way to all who have a part in it. */
export interface FactEnvelope {
  /** The same however often it is said. */
  readonly factId: string;
  readonly sagaId: string;
  /** Name and version of the saga's definition. */
  readonly saga: string;
  readonly version: number;
  /** Of the definition's steps: whoever has others under that version doesn't act on it. */
  readonly definition: string;
  /** `<saga>.<what>` or `<saga>.<step>.<what>` */
  readonly topic: string;
}

/** A fact as the message that carries it; its body is serialised here. */
export function factMessage(fact: FactEnvelope & { readonly body: object }): WireMessage {
  const { factId, sagaId, saga, version, definition, topic, body } = fact;
  return {
    destination: topic,
    topic: true,
    messageId: factId,
    correlationId: sagaId,
    type: topic,
    headers: { saga, version, definition },
    payload: JSON.stringify(body),
  };
}

/** Reads a fact. Throws an {@link EnvelopeError} that names what is wrong with it. */
export function readFactMessage(message: ReceivedMessage): FactEnvelope & { readonly body: object } {
  const fact = {
    factId: readText(message.messageId, 'messageId'),
    sagaId: readUuid(message.correlationId, 'correlationId'),
    saga: readText(message.headers.saga, 'header saga'),
    version: readInteger(message.headers.version, 'header version'),
    definition: readText(message.headers.definition, 'header definition'),
    topic: readText(message.type, 'type'),
    body: readPayload(message.content),
  };
  if (!fact.topic.startsWith(`${fact.saga}.`))
    throw new EnvelopeError('type is not a topic of the saga that header saga names');
  return fact;
}
