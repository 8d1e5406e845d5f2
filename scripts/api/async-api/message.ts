import type { JsonSchema } from '@clew/service';
import { NOBODYS_SAGA, exampleFrom } from './examples.js';

/** A message as AsyncAPI describes it. The properties of AMQP have no place there, so they have one of their own. */
export interface Message {
  readonly name: string;
  readonly title: string;
  readonly contentType: string;
  readonly headers: JsonSchema;
  readonly payload: JsonSchema;
  readonly 'x-amqp-properties': JsonSchema;
  readonly correlationId: { readonly location: string; readonly description: string };
  readonly bindings: object;
  readonly examples: readonly {
    readonly name: string;
    readonly headers: unknown;
    readonly payload: unknown;
  }[];
}

export interface Described {
  readonly name: string;
  readonly title: string;
  /** The AMQP property. */
  readonly type: string;
  readonly messageId: JsonSchema;
  readonly replyTo?: string;
  readonly headers: Readonly<Record<string, JsonSchema>>;
  readonly optionalHeaders?: Readonly<Record<string, JsonSchema>>;
  readonly payload: JsonSchema;
}

export const UUID: JsonSchema = {
  type: 'string',
  pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$',
  examples: [NOBODYS_SAGA],
};
export const WHOLE: JsonSchema = { type: 'integer', minimum: 0, maximum: 2 ** 31 - 1, examples: [0] };
export const TEXT: JsonSchema = { type: 'string', minLength: 1, maxLength: 255 };

/** An object with all of these fields, and no others unless it says so. */
export function object(properties: Readonly<Record<string, JsonSchema>>, others = false): JsonSchema {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: others };
}

export function messageOf(described: Described): Message {
  const { name, title, type, messageId, replyTo, optionalHeaders, payload } = described;
  const required = object(described.headers, true);
  const headers = { ...required, properties: { ...required.properties, ...optionalHeaders } };
  const properties = object(
    {
      messageId,
      correlationId: { ...UUID, description: 'The saga.' },
      type: { const: type },
      ...(replyTo !== undefined && { replyTo: { const: replyTo } }),
      contentType: { const: 'application/json' },
      deliveryMode: { const: 2 },
      timestamp: { ...WHOLE, maximum: 2 ** 53, description: 'When it was published, in seconds.' },
    },
    true,
  );
  return {
    name,
    title,
    contentType: 'application/json',
    headers,
    payload,
    'x-amqp-properties': { ...properties, examples: [exampleFrom(properties)] },
    correlationId: {
      location: '$message.header#/correlationId',
      description: 'The AMQP property, not a header: the saga.',
    },
    bindings: { amqp: { contentEncoding: 'utf-8', messageType: type, bindingVersion: '0.3.0' } },
    examples: [{ name: 'example', headers: exampleFrom(required), payload: exampleFrom(payload) }],
  };
}
