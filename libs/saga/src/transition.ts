import type { OutboxMessage } from '@clew/outbox';
import {
  decide,
  effectsOf,
  evolveAll,
  judgeOperation,
  type Effects,
  type Policies,
  type SagaDefinition,
  type SagaEvent,
  type SagaInput,
  type SagaState,
  type Timer,
  type Verdict,
} from './core/index.js';
import type { RegisteredDefinition } from './definition-registry.js';
import type { JournalInput, JournalMark } from './journal.js';
import { ForeignJournal } from './errors.js';
import type { Cause, HistoryEntry, Opening, SagaInstance } from './saga-record.js';

/** All that an engine can be given. */
export type EngineInput = SagaInput | JournalInput;

export interface CausedInput {
  readonly input: EngineInput;
  readonly cause: Cause;
}

/** What followed from one input. */
export interface Decision {
  readonly sagaId: string;
  readonly registered: RegisteredDefinition;
  readonly input: SagaInput;
  /** The state after it. */
  readonly state: SagaState;
  readonly effects: Effects;
}

/** Puts decisions into messages. */
export interface Speaker {
  readonly messagesOf: (decision: Decision) => readonly OutboxMessage[];
  /** What is said of a transition as a whole. */
  readonly reportOf?: (transition: Omit<Transition, 'messages'>) => readonly OutboxMessage[];
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
  /** Of an instance that begins. */
  readonly opening?: Opening;
  /** Of a saga that others decide on. */
  readonly journal?: JournalMark;
  /** Keys to queue for, and whether all that the instance has or waits for are given up. */
  readonly locks: { readonly request: readonly string[]; readonly release: boolean };
}

export interface Folded {
  /** Absent when the inputs change nothing. */
  readonly transition?: Transition;
  /** What became of operations among the inputs. */
  readonly verdicts: ReadonlyMap<EngineInput, Verdict>;
}

/** Folds the inputs of one instance, in order, into one transition. Throws when one of them can never be handled. */
export type Fold = (
  sagaId: string,
  registered: RegisteredDefinition,
  current: Pick<SagaInstance, 'revision' | 'state' | 'journal'> | undefined,
  inputs: readonly CausedInput[],
) => Folded;

/** Decides on each input; the speaker puts what follows into messages. Throws on a bug in the definition. */
export function deciding(policies: Policies, speaker: Speaker): Fold {
  return (sagaId, registered, current, inputs) =>
    transitionOf(sagaId, registered, current, inputs, policies, speaker);
}

function transitionOf(
  sagaId: string,
  registered: RegisteredDefinition,
  current: Pick<SagaInstance, 'revision' | 'state'> | undefined,
  inputs: readonly CausedInput[],
  policies: Policies,
  speaker: Speaker,
): Folded {
  const { definition } = registered;
  let state = current?.state;
  const entries: HistoryEntry[] = [];
  const messages: OutboxMessage[] = [];
  const timers = new Map<string, Timer | undefined>();
  const request: string[] = [];
  let release = false;
  const verdicts = new Map<SagaInput, Verdict>();
  for (const { input, cause } of inputs) {
    if (input.type === 'journal') throw new ForeignJournal(sagaId);
    if (input.type === 'operation' && state) verdicts.set(input, judgeOperation(definition, state, input));
    const events = decide(definition, state, input, policies);
    refuseBrokenStart(definition, input, events);
    state = evolveAll(state, events);
    if (!state || events.length === 0) continue;
    const effects = effectsOf(definition, state, events, policies);
    messages.push(...speaker.messagesOf({ sagaId, registered, input, state, effects }));
    for (const [step, timer] of effects.timers) timers.set(step, timer);
    request.push(...effects.locks.request);
    release ||= effects.locks.release;
    for (const event of events) entries.push({ event, cause });
  }
  if (!state || entries.length === 0) return { verdicts };
  const expectedRevision = current?.revision ?? 0;
  // What is given up within the batch was never queued for.
  const locks = { request: release ? [] : request, release };
  const transition = { sagaId, registered, expectedRevision, state, entries, timers, locks };
  messages.push(...(speaker.reportOf?.(transition) ?? []));
  return { transition: { ...transition, messages }, verdicts };
}

/** Nobody has been promised anything yet: whoever starts a saga that can't even begin hears so at once. */
export function refuseBrokenStart(
  { name, version }: SagaDefinition,
  input: SagaInput,
  events: readonly SagaEvent[],
): void {
  if (input.type !== 'start' || input.parent) return;
  for (const event of events) {
    if (event.type !== 'StepParked' || event.reason.kind !== 'bug') continue;
    throw new Error(
      `Saga ${name} v${version} can't begin: its step "${event.step}" fails with "${event.reason.message}"`,
    );
  }
}
