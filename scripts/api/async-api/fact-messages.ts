import { fingerprintOf } from '@clew/envelope';
import type { SagaDefinition } from '@clew/saga';
import { ownerOf, participantOf, signatureOf, stepsOf, topicOf, type FactType } from '@clew/saga/core';
import { schemaOf, type JsonSchema } from '@clew/service';
import { exampleFrom, NOBODYS_SAGA } from './examples.js';
import { ORCHESTRATOR, REJECTION } from './command-messages.js';
import { messageOf, object, TEXT, WHOLE, type Message } from './message.js';

/** A fact with whoever says it. */
export interface SaidFact {
  readonly topic: string;
  readonly speaker: string;
  readonly message: Message;
}

type Class = Parameters<typeof schemaOf>[0];

/** What its facts have in common, by name. @param input the class of what the saga is started with */
export function sharedSchemasOf(
  definition: SagaDefinition,
  input: Class,
): Readonly<Record<string, JsonSchema>> {
  const results = stepsOf(definition).map(({ name, action }) => [name, schemaOf(action.reply)] as const);
  return {
    [`${definition.name}.input`]: schemaOf(input),
    [`${definition.name}.results`]: {
      type: 'object',
      properties: Object.fromEntries(results),
      additionalProperties: false,
      description: 'Of the steps that are done, by name.',
    },
  };
}

/** Everything that may be said of a choreographed saga. @param input the class of what it is started with */
export function factsOf(definition: SagaDefinition, input: Class): SaidFact[] {
  const { name: saga } = definition;
  const steps = stepsOf(definition);
  const owner = ownerOf(definition);
  const ofStep: readonly FactType[] = [
    'succeeded',
    'rejected',
    'compensated',
    'undo-refused',
    'asked',
    'undo-asked',
  ];
  const bodies = bodiesOf(definition, sharedSchemasOf(definition, input));
  const fact = (type: FactType | 'journal', speaker: string, step?: string): SaidFact => {
    const topic = type === 'journal' ? `${saga}.journal` : topicOf(saga, { type, ...(step && { step }) });
    return { topic, speaker, message: factMessageOf(definition, topic, bodies[type], ID_ENDS[type], step) };
  };
  return [
    fact('started', ORCHESTRATOR),
    fact('requested', ORCHESTRATOR),
    ...steps.flatMap(({ name, action }) =>
      ofStep.map((type) => fact(type, type.endsWith('asked') ? owner : participantOf(action.type), name)),
    ),
    fact('journal', owner),
  ];
}

/** What the id of a fact ends with, behind its topic's words: `<saga>/<step>/<what>/<epoch>`. */
const ID_ENDS: Readonly<Record<FactType | 'journal', string>> = {
  started: '',
  requested: '/x',
  succeeded: '/0',
  rejected: '/0',
  compensated: '/0',
  'undo-refused': '/0',
  asked: '/0/1',
  'undo-asked': '/0/1',
  journal: '/2',
};

function factMessageOf(
  definition: SagaDefinition,
  topic: string,
  payload: JsonSchema,
  idEnd: string,
  step?: string,
): Message {
  const { name: saga, version } = definition;
  const words = topic.slice(saga.length + 1).replace('.', '/');
  return messageOf({
    name: topic,
    title: step ? `Fact: ${step} ${words.slice(step.length + 1)}` : `Fact: ${words}`,
    type: topic,
    messageId: {
      type: 'string',
      pattern: `^[0-9a-f-]{36}/${words}${idEnd && '/'}${idEnd.slice(1).replaceAll(/\w+/g, '[^/]+')}$`,
      examples: [`${NOBODYS_SAGA}/${words}${idEnd}`],
    },
    headers: {
      saga: { const: saga },
      version: { const: version },
      definition: {
        type: 'string',
        pattern: '^[0-9a-f]{16}$',
        description: 'Of its steps, kinds and commands.',
        examples: [fingerprintOf(signatureOf(definition))],
      },
    },
    payload,
  });
}

function bodiesOf(
  definition: SagaDefinition,
  shared: Readonly<Record<string, JsonSchema>>,
): Readonly<Record<FactType | 'journal', JsonSchema>> {
  const steps = stepsOf(definition);
  const step: JsonSchema = { type: 'string', enum: steps.map(({ name }) => name) };
  const sharedAs = (name: string): JsonSchema => ({
    $ref: `#/components/schemas/${definition.name}.${name}`,
    examples: [exampleFrom(shared[`${definition.name}.${name}`]!)],
  });
  const knowledge = { input: sharedAs('input'), results: sharedAs('results') };
  const wayBack = {
    undone: { type: 'array', items: step, description: 'In the order in which they were.' },
    rest: {
      type: 'array',
      items: object({ step, undoes: WHOLE }),
      description: 'Still to be undone, in order.',
    },
  };
  const epoch = { epoch: WHOLE };
  const asked = { ...epoch, attempt: { ...WHOLE, minimum: 1, examples: [1] } };
  const operation = {
    type: 'object',
    properties: {
      action: { type: 'string', enum: ['cancel', 'compensate', 'retry', 'skip', 'mark-done'] },
      step,
    },
    required: ['action'],
    additionalProperties: true,
  };
  return {
    started: object(knowledge),
    requested: object({ ...knowledge, operation, actor: TEXT, reason: { type: 'string' } }),
    succeeded: object({ ...epoch, ...knowledge }),
    rejected: object({ ...epoch, ...knowledge, rejection: REJECTION }),
    compensated: object({ ...epoch, ...wayBack }),
    'undo-refused': object({ ...epoch, ...wayBack, rejection: REJECTION }),
    asked: object({ ...asked, ...knowledge }),
    'undo-asked': object({ ...asked, undoes: WHOLE, ...wayBack }),
    journal: object({
      revision: { ...WHOLE, minimum: 1, examples: [2] },
      entries: {
        type: 'array',
        items: object({ event: object({ type: TEXT }, true), cause: object({ kind: TEXT }, true) }, true),
        description: 'What the owner has recorded.',
      },
    }),
  };
}
