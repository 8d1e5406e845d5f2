import { outboxMessage, type OutboxMessage } from '@clew/outbox';
import { commandMessage, commandQueueOf } from '@clew/envelope';
import {
  commandId,
  decide,
  effectsOf,
  evolveAll,
  type Command,
  type Policies,
  type SagaInput,
  type SagaState,
  type Timer,
} from './core/index.js';
import type { RegisteredDefinition } from './definition-registry.js';
import type { Cause, HistoryEntry } from './saga-record.js';

export interface CausedInput {
  readonly input: SagaInput;
  readonly cause: Cause;
}

/** What one instance's inputs in a batch come to: one write. */
export interface Transition {
  readonly sagaId: string;
  readonly registered: RegisteredDefinition;
  /** The revision it was decided on, 0 for an instance that begins; the write is refused on any other. */
  readonly expectedRevision: number;
  readonly state: SagaState;
  readonly entries: readonly HistoryEntry[];
  readonly messages: readonly OutboxMessage[];
  readonly timers: ReadonlyMap<string, Timer | undefined>;
}

/** Folds inputs, in order, into one transition; `undefined` when they change nothing. Throws on a bug in the definition. */
export function transitionOf(
  sagaId: string,
  registered: RegisteredDefinition,
  current: { readonly revision: number; readonly state: SagaState } | undefined,
  inputs: readonly CausedInput[],
  { policies, replyTo }: { readonly policies: Policies; readonly replyTo: string },
): Transition | undefined {
  const { definition } = registered;
  let state = current?.state;
  const entries: HistoryEntry[] = [];
  const commands: Command[] = [];
  const timers = new Map<string, Timer | undefined>();
  for (const { input, cause } of inputs) {
    const events = decide(definition, state, input, policies);
    state = evolveAll(state, events);
    if (!state || events.length === 0) continue;
    const effects = effectsOf(definition, state, events, policies);
    commands.push(...effects.commands);
    for (const [step, timer] of effects.timers) timers.set(step, timer);
    for (const event of events) entries.push({ event, cause });
  }
  if (!state || entries.length === 0) return undefined;
  const messages = commands.map((command) => {
    const envelope = {
      ...command,
      commandId: commandId(sagaId, command),
      sagaId,
      saga: definition.name,
      replyTo,
    };
    return outboxMessage(commandMessage(envelope, commandQueueOf(command.participant)));
  });
  return { sagaId, registered, expectedRevision: current?.revision ?? 0, state, entries, messages, timers };
}
