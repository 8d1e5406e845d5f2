import { commandQueueOf, replyQueueOf } from '@clew/envelope';
import type { CommandClass, SagaDefinition } from '@clew/saga';
import { participantOf, SAGA_PARTICIPANT, stepsOf, type Direction, type StepKind } from '@clew/saga/core';
import { schemaOf, type JsonSchema } from '@clew/service';
import { NOBODYS_SAGA } from './examples.js';
import { messageOf, object, TEXT, WHOLE, type Message } from './message.js';

export const ORCHESTRATOR = 'orchestrator';

/** A command with the sagas and steps that send it. */
export interface UsedCommand {
  readonly command: CommandClass;
  readonly direction: Direction;
  readonly kinds: readonly StepKind[];
  readonly sagas: readonly string[];
  readonly steps: readonly string[];
  /** Logical name of the queue where it waits. */
  readonly queue: string;
}

/** The commands that sagas send, each once. */
export function commandsOf(definitions: readonly SagaDefinition[]): UsedCommand[] {
  const uses = definitions.flatMap((definition) =>
    stepsOf(definition).flatMap(({ name: step, kind, action, compensation }) => [
      { command: action, direction: 'action' as const, saga: definition.name, step, kind },
      ...(compensation
        ? [{ command: compensation, direction: 'compensation' as const, saga: definition.name, step, kind }]
        : []),
    ]),
  );
  const types = [...new Set(uses.map(({ command }) => command.type))].sort();
  return types.map((type) => {
    const own = uses.filter(({ command }) => command.type === type);
    const participant = participantOf(type);
    return {
      command: own[0]!.command,
      direction: own[0]!.direction,
      kinds: distinct(own.map(({ kind }) => kind)),
      sagas: distinct(own.map(({ saga }) => saga)),
      steps: distinct(own.map(({ step }) => step)),
      // Child sagas are run by the orchestrator itself.
      queue: commandQueueOf(participant === SAGA_PARTICIPANT ? ORCHESTRATOR : participant),
    };
  });
}

/** The command itself. */
export function commandMessageOf(used: UsedCommand): Message {
  const { command, direction } = used;
  return messageOf({
    name: command.type,
    title: `Command: ${command.name}`,
    type: command.type,
    replyTo: replyQueueOf(ORCHESTRATOR),
    messageId: messageIdOf(used),
    headers: {
      ...keyHeaders(used),
      ...(direction === 'compensation' && {
        undoes: { ...WHOLE, description: 'The epoch of the action that it undoes.' },
      }),
    },
    payload: CHILD_PAYLOADS[command.type] ?? schemaOf(command),
  });
}

/** What may be answered: that it is done, or why not. */
export function replyMessagesOf(used: UsedCommand): readonly [done: Message, rejected: Message] {
  const { command } = used;
  const reply = (outcome: 'done' | 'rejected', payload: JsonSchema) =>
    messageOf({
      name: `${command.type}.${outcome}`,
      title: `Reply to ${command.name}: ${outcome}`,
      type: `${command.type}.reply`,
      messageId: messageIdOf(used, '/reply'),
      headers: { ...keyHeaders(used), causation: messageIdOf(used), outcome: { const: outcome } },
      payload,
    });
  return [
    reply('done', CHILD_RESULTS[command.type] ?? schemaOf(command.reply)),
    reply('rejected', REJECTION),
  ];
}

/** A reason of the business, or that the command was cancelled before. */
export const REJECTION: JsonSchema = object({
  code: { type: 'string', description: 'Stable: callers branch on it.', examples: ['FLIGHT_SOLD_OUT'] },
  message: { type: 'string', description: 'For people.', examples: ['No seat is left'] },
});

/** Child sagas are no part of the contracts: any saga may be one. */
const CHILD: Readonly<Record<string, JsonSchema>> = {
  saga: { ...TEXT, examples: ['order-return'] },
  version: { ...WHOLE, minimum: 1, examples: [1] },
};
const CHILD_PAYLOADS: Readonly<Record<string, JsonSchema>> = {
  'saga.start': {
    ...object({ ...CHILD, input: { description: "As the child's definition asks for." } }),
    properties: {
      ...CHILD,
      input: { description: "As the child's definition asks for." },
      locks: { type: 'array', items: TEXT, description: 'Keys that the parents hold.' },
    },
  },
  'saga.undo': object(CHILD),
};
const CHILD_RESULTS: Readonly<Record<string, JsonSchema>> = {
  'saga.start': object({ results: { type: 'object', additionalProperties: { type: 'object' } } }),
};

function keyHeaders({ sagas, steps, direction }: UsedCommand): Record<string, JsonSchema> {
  return {
    saga: { type: 'string', enum: sagas, description: "Name of the saga's definition." },
    step: { type: 'string', enum: steps },
    direction: { const: direction },
    epoch: WHOLE,
    attempt: { ...WHOLE, minimum: 1, examples: [1], description: 'How often it was asked.' },
  };
}

/** `<saga>/<step>/<direction>/<epoch>` */
function messageIdOf({ steps, direction }: UsedCommand, end = ''): JsonSchema {
  return {
    type: 'string',
    pattern: `^[0-9a-f-]{36}/(${steps.join('|')})/${direction}/\\d+${end}$`,
    examples: [`${NOBODYS_SAGA}/${steps[0]}/${direction}/0${end}`],
  };
}

function distinct<Value extends string>(values: readonly Value[]): Value[] {
  return [...new Set(values)].sort();
}
