import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { Ajv, type SchemaObject } from 'ajv';
import addFormats from 'ajv-formats';
import {
  isForget,
  readCommand,
  readFactMessage,
  readForget,
  readPayload,
  readReply,
  type ReceivedMessage,
} from '@clew/envelope';
import { choreographyFlaw, readFact } from '@clew/saga/core';
import { ApiSchemas } from '../../../test/support/api-schemas.js';
import { choreographedSagas } from '../../../apps/orchestrator/src/saga-definitions.js';
import { asyncApiDocument } from './async-api.js';
import type { Message } from './message.js';

interface Document {
  readonly channels: Readonly<Record<string, { readonly messages: object }>>;
  readonly operations: Readonly<Record<string, { readonly action: string; readonly reply?: object }>>;
  readonly components: { readonly messages: Readonly<Record<string, Message>> };
}

const document = asyncApiDocument() as Document;
const messages = Object.values(document.components.messages).filter(({ name }) => name !== 'dead-letter');

/** The example of a message, as it would come from RabbitMQ. */
function received({ 'x-amqp-properties': properties, examples }: Message): ReceivedMessage {
  const [example] = examples;
  return {
    ...(properties.examples![0] as object),
    headers: example!.headers as ReceivedMessage['headers'],
    content: Buffer.from(JSON.stringify(example!.payload)),
  };
}

describe('the AsyncAPI document', () => {
  it('is one of version 3.0', () => {
    const official = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0.json') as SchemaObject;
    // It brings the schema of schemas with it.
    const ajv = new Ajv({ strict: false, meta: false, validateSchema: false });
    addFormats.default(ajv);
    const validate = ajv.compile(official);
    validate(document);
    expect(validate.errors).toBeNull();
  });

  it('refers to nothing that is not there', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]*)"/g)].map(
      ([, path]) => path!,
    );
    expect(references.length).toBeGreaterThan(100);
    for (const path of references) {
      const found = path
        .split('/')
        .reduce<unknown>((at, name) => (at as Record<string, unknown>)?.[name], document);
      expect([path, typeof found]).toEqual([path, 'object']);
    }
  });

  it('has a sender and a receiver for every channel, and a reply to every command', () => {
    const operations = Object.values(document.operations) as { action: string; channel: { $ref: string } }[];
    for (const name of Object.keys(document.channels)) {
      // Replies are told of where the commands are.
      if (name === 'orchestrator.replies') continue;
      const actions = operations.filter(({ channel }) => channel.$ref === `#/channels/${name}`);
      const heard = new Set(actions.map(({ action }) => action));
      expect([name, [...heard].sort()]).toEqual([name, ['receive', 'send']]);
    }
    for (const [name, { reply }] of Object.entries(document.operations))
      if (/^orchestrator-commands-(?!parks)|-obeys-/.test(name))
        expect([name, reply]).toEqual([name, expect.any(Object)]);
  });

  it('has an example of every message, which is as it describes it', () => {
    const schemas = new ApiSchemas(document);
    expect(messages.length).toBeGreaterThan(50);
    for (const { name, examples, 'x-amqp-properties': properties } of messages) {
      const faults = (value: unknown, part: string) =>
        schemas.faultsOf(value, 'components', 'messages', name, part);
      expect([
        name,
        faults(examples[0]!.headers, 'headers'),
        faults(examples[0]!.payload, 'payload'),
        faults(properties.examples![0], 'x-amqp-properties'),
      ]).toEqual([name, [], [], []]);
    }
  });

  it.each(messages.map(({ name }) => name))('has an example of %s that is read as what it is', (name) => {
    const message = document.components.messages[name]!;
    const example = received(message);
    const { type } = example;
    if (isForget(example)) {
      expect(readForget(example)).toHaveLength(1);
    } else if (example.headers['outcome']) {
      expect(readReply(example)).toMatchObject({ outcome: name.split('.').at(-1) });
    } else if (example.headers['definition']) {
      const { saga, topic, body } = readFactMessage(example);
      expect(topic).toBe(type);
      if (!topic.endsWith('.journal')) expect(topic).toContain(readFact(saga, topic, body).type);
    } else {
      expect(readCommand(example).type).toBe(type);
      expect(readPayload(example.content)).toEqual(message.examples[0]!.payload);
    }
  });

  it('tells of every choreographed saga', () => {
    for (const definition of choreographedSagas) {
      expect(choreographyFlaw(definition)).toBeUndefined();
      expect(Object.keys(document.channels)).toContain(`${definition.name}.started`);
    }
  });
});
