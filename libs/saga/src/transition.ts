import { commandMessage, commandQueueOf, replyMessage } from '@clew/envelope';
import { outboxMessage, type OutboxMessage } from '@clew/outbox';
import {
  commandId,
  decide,
  effectsOf,
  evolveAll,
  judgeOperation,
  SAGA_PARTICIPANT,
  type Answer,
  type Command,
  type Policies,
  type SagaDefinition,
  type SagaEvent,
  type SagaInput,
  type SagaState,
  type Timer,
  type Verdict,
} from './core/index.js';
import type { RegisteredDefinition } from './definition-registry.js';
import type { Cause, HistoryEntry } from './saga-record.js';

export interface CausedInput {
  readonly input: SagaInput;
  readonly cause: Cause;
}

/** Where sagas send and are answered. */
export interface Addresses {
  /** Name of this orchestrator. */
  readonly orchestrator: string;
  /** Queue that participants answer to. */
  readonly replyTo: string;
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
  /** Keys to queue for, and whether all that the instance has or waits for are given up. */
  readonly locks: { readonly request: readonly string[]; readonly release: boolean };
}

export interface Folded {
  /** Absent when the inputs change nothing. */
  readonly transition?: Transition;
  /** What became of operations among the inputs. */
  readonly verdicts: ReadonlyMap<SagaInput, Verdict>;
}

/** Folds inputs, in order, into one transition. Throws on a bug in the definition. */
export function transitionOf(
  sagaId: string,
  registered: RegisteredDefinition,
  current: { readonly revision: number; readonly state: SagaState } | undefined,
  inputs: readonly CausedInput[],
  options: Addresses & { readonly policies: Policies },
): Folded {
  const { definition } = registered;
  const { policies } = options;
  let state = current?.state;
  const entries: HistoryEntry[] = [];
  const messages: OutboxMessage[] = [];
  const timers = new Map<string, Timer | undefined>();
  const request: string[] = [];
  let release = false;
  const verdicts = new Map<SagaInput, Verdict>();
  for (const { input, cause } of inputs) {
    if (input.type === 'operation' && state) verdicts.set(input, judgeOperation(definition, state, input));
    const events = decide(definition, state, input, policies);
    refuseBrokenStart(definition, input, events);
    state = evolveAll(state, events);
    if (!state || events.length === 0) continue;
    const effects = effectsOf(definition, state, events, policies);
    for (const command of effects.commands) messages.push(messageOf(sagaId, definition, command, options));
    if (effects.answer) messages.push(answerMessage(effects.answer));
    for (const [step, timer] of effects.timers) timers.set(step, timer);
    request.push(...effects.locks.request);
    release ||= effects.locks.release;
    for (const event of events) entries.push({ event, cause });
  }
  if (!state || entries.length === 0) return { verdicts };
  const expectedRevision = current?.revision ?? 0;
  // What is given up within the batch was never queued for.
  const locks = { request: release ? [] : request, release };
  return {
    transition: { sagaId, registered, expectedRevision, state, entries, messages, timers, locks },
    verdicts,
  };
}

/** Nobody has been promised anything yet: whoever starts a saga that can't even begin hears so at once. */
function refuseBrokenStart(
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

function messageOf(
  sagaId: string,
  { name }: SagaDefinition,
  command: Command,
  { orchestrator, replyTo }: Addresses,
): OutboxMessage {
  // Child sagas are run by this very orchestrator.
  const to = command.participant === SAGA_PARTICIPANT ? orchestrator : command.participant;
  const envelope = { ...command, commandId: commandId(sagaId, command), sagaId, saga: name, replyTo };
  return outboxMessage(commandMessage(envelope, commandQueueOf(to)));
}

/** A child's word to its parent: a reply like any participant's. */
function answerMessage({ parent, direction, outcome }: Answer): OutboxMessage {
  const { sagaId, saga, step, replyTo } = parent;
  const epoch = direction === 'action' ? parent.epoch : (parent.undoEpoch ?? 0);
  const key = { step, direction, epoch };
  const type = direction === 'action' ? 'saga.start' : 'saga.undo';
  const command = { ...key, commandId: commandId(sagaId, key), sagaId, saga, attempt: 1, type, replyTo };
  return outboxMessage(
    replyMessage(
      command,
      outcome.kind === 'done'
        ? { outcome: 'done', body: outcome.result }
        : { outcome: 'rejected', body: outcome.rejection },
    ),
  );
}
