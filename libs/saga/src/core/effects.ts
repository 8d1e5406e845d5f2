import { SAGA_PARTICIPANT, type Parent } from './child-saga.js';
import { participantOf, type CommandKey } from './command.js';
import { patience, policyOf, stepNamed, type Policies, type SagaDefinition } from './definition.js';
import type { SagaEvent } from './events.js';
import type { Outcome } from './inputs.js';
import { firstAttempt, pendingCommand, stepState, type Locks, type SagaState } from './state.js';
import { viewFor } from './step-view.js';

/** A command to be sent. */
export interface Command extends CommandKey {
  /** `saga` for the orchestrator itself. */
  readonly participant: string;
  readonly type: string;
  readonly attempt: number;
  /** Of a compensation: the epoch of the action that it undoes. */
  readonly undoes?: number;
  readonly payload: object;
}

/** A deadline to be kept: what it names must be answered within `afterMs`. */
export interface Timer extends CommandKey {
  readonly attempt: number;
  readonly afterMs: number;
  /** By what share of `afterMs` it may be later. */
  readonly jitter: number;
}

/** Stands for a step in the deadline of a whole saga; no step can have this name. */
export const WHOLE_SAGA = '*';

/** What a child saga tells its parent. */
export interface Answer {
  readonly parent: Parent;
  readonly direction: CommandKey['direction'];
  readonly outcome: Outcome;
}

export interface Effects {
  readonly commands: readonly Command[];
  /** By step, or `WHOLE_SAGA`; `undefined` takes the deadline away. A step has at most one. */
  readonly timers: ReadonlyMap<string, Timer | undefined>;
  readonly answer?: Answer;
  /** Locks to queue for; `release` gives up all that the instance has or waits for. */
  readonly locks: { readonly request: readonly string[]; readonly release: boolean };
}

/** What the world has to be told after the events of one decision; `state` is the one after them. */
export function effectsOf(
  definition: SagaDefinition,
  state: SagaState,
  events: readonly SagaEvent[],
  defaults: Policies,
): Effects {
  const commands: Command[] = [];
  const timers = new Map<string, Timer | undefined>();
  const request: string[] = [];
  let release = false;
  let answer: Answer | undefined;
  const ask = (key: CommandKey, attempt: number, sinceRetry: number) => {
    // A fact may tell of a command and of its outcome at once: nobody is to be asked for it any more.
    if (state.coordination && !isPending(state, key)) return;
    commands.push(commandOf(definition, state, key, attempt));
    const policy = policyOf(stepNamed(definition, key.step), key.direction, defaults);
    const afterMs = patience(policy, sinceRetry);
    timers.set(key.step, { ...key, attempt, afterMs, jitter: policy.jitter });
  };
  for (const event of events) {
    switch (event.type) {
      case 'SagaStarted':
        if (definition.timeoutMs !== undefined) timers.set(WHOLE_SAGA, sagaTimer(definition.timeoutMs));
        break;
      case 'LockRequested':
        request.push(event.key);
        break;
      case 'StepStarted':
        ask({ step: event.step, direction: 'action', epoch: event.epoch }, event.attempt, 1);
        // From here on there is no way back.
        if (stepNamed(definition, event.step).kind !== 'compensatable') stopSagaTimer(definition, timers);
        break;
      case 'StepCompensationStarted':
        ask({ step: event.step, direction: 'compensation', epoch: event.epoch }, event.attempt, 1);
        break;
      case 'CommandRepeated': {
        const { step, direction, epoch, attempt } = event;
        ask({ step, direction, epoch }, attempt, attempt - firstAttempt(stepState(state, step)) + 1);
        break;
      }
      case 'StepSucceeded':
        timers.set(event.step, undefined);
        // An operator may have said so of one that was never asked for.
        if (stepNamed(definition, event.step).kind !== 'compensatable') stopSagaTimer(definition, timers);
        break;
      case 'StepRejected':
      case 'StepLeftInDoubt':
      case 'StepCompensated':
      case 'StepParked':
      case 'StepSkipped':
        timers.set(event.step, undefined);
        break;
      case 'CompensationBegan':
        stopSagaTimer(definition, timers);
        break;
      case 'SagaCompleted':
      case 'SagaCompensated':
        stopSagaTimer(definition, timers);
        release = definition.lock !== undefined;
        if (state.parent) answer = answerOf(state.parent, state);
        break;
      case 'ParentAnsweredAgain':
        if (state.parent) answer = answerOf(state.parent, state);
        break;
      default:
        break;
    }
  }
  return { commands, timers, locks: { request, release }, ...(answer && { answer }) };
}

function isPending(state: SagaState, { step, direction, epoch }: CommandKey): boolean {
  const pending = pendingCommand(state, step);
  return pending?.direction === direction && pending.epoch === epoch;
}

function sagaTimer(afterMs: number): Timer {
  return { step: WHOLE_SAGA, direction: 'action', epoch: 0, attempt: 1, afterMs, jitter: 0 };
}

function stopSagaTimer({ timeoutMs }: SagaDefinition, timers: Map<string, Timer | undefined>): void {
  if (timeoutMs !== undefined) timers.set(WHOLE_SAGA, undefined);
}

/** Only when the parent has asked for the undo does it still care how that went; else it waits for the outcome. */
function answerOf(parent: Parent, state: SagaState): Answer {
  if (parent.undoEpoch !== undefined)
    return { parent, direction: 'compensation', outcome: { kind: 'done', result: {} } };
  const outcome: Outcome =
    state.status === 'COMPLETED'
      ? { kind: 'done', result: { results: resultsOf(state) } }
      : { kind: 'rejected', rejection: rejectionOf(state) };
  return { parent, direction: 'action', outcome };
}

function resultsOf({ steps }: SagaState): Record<string, object> {
  const results: Record<string, object> = {};
  for (const [name, step] of Object.entries(steps)) {
    if (step.status === 'SUCCEEDED') results[name] = step.action.result;
  }
  return results;
}

function rejectionOf({ failure }: SagaState) {
  return { code: failure?.code ?? 'COMPENSATED', message: failure?.message ?? 'The child saga turned back' };
}

/** The command that a step waits for, or would wait for. */
export function commandOf(
  definition: SagaDefinition,
  state: SagaState,
  { step, direction, epoch }: CommandKey,
  attempt: number,
): Command {
  const { action, compensation, payload, child } = stepNamed(definition, step);
  if (direction === 'action') {
    const own = payload(viewFor(definition, state, step));
    return {
      step,
      direction,
      epoch,
      attempt,
      ...addressOf(action.type),
      payload: withLocks(action.type, own, state),
    };
  }
  const current = stepState(state, step);
  if (!compensation || !('action' in current) || !current.action)
    throw new Error(`Step "${step}" can't be undone`);
  return {
    step,
    direction,
    epoch,
    attempt,
    undoes: current.action.epoch,
    ...addressOf(compensation.type),
    // A child that hasn't begun must be known by name to be kept from it.
    payload: child ? { saga: child.name, version: child.version } : {},
  };
}

/** A child works under the locks of its parents. */
function withLocks(type: string, payload: object, { locks, parent }: SagaState): object {
  if (participantOf(type) !== SAGA_PARTICIPANT) return payload;
  const held = [...(parent?.locks ?? []), ...heldBy(locks)];
  return held.length > 0 ? { ...payload, locks: held } : payload;
}

function heldBy(locks: Locks | undefined): readonly string[] {
  return locks?.keys.slice(0, locks.taken) ?? [];
}

function addressOf(type: string) {
  return { type, participant: participantOf(type) };
}
