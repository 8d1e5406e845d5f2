import type { SagaEvent } from './events.js';
import { evolveStep } from './evolve-step.js';
import { illegal } from './illegal.js';
import { hasEnded, stepState, type Locks, type SagaState, type SagaStatus } from './state.js';

/** The state after an event. Throws on an event that can't follow the state: its history is broken. */
export function evolve(state: SagaState | undefined, event: SagaEvent): SagaState {
  if (event.type === 'SagaStarted') {
    if (state) throw illegal(event, 'the saga has started already');
    const { input, parent, coordination, locks } = event;
    return {
      status: 'RUNNING',
      input,
      steps: {},
      ...(coordination && { coordination }),
      ...(parent && { parent }),
      ...(locks && { locks: { keys: locks, taken: 0, waiting: false } }),
    };
  }
  if (!state) throw illegal(event, 'the saga has not started');
  switch (event.type) {
    case 'UndoRequested':
      if (state.parent?.undoEpoch !== undefined) throw illegal(event, 'the parent has asked already');
      if (!state.parent) throw illegal(event, 'the saga has no parent');
      return { ...state, parent: { ...state.parent, undoEpoch: event.epoch } };
    case 'OperationRequested':
      return state;
    case 'ParentAnsweredAgain':
      if (!state.parent || !hasEnded(state)) throw illegal(event, `the saga is ${state.status}`);
      return state;
    case 'CompensationBegan':
      return turnBack(state, event);
    case 'SagaStuck':
      return enter(state, event, 'STUCK', ['RUNNING', 'COMPENSATING']);
    case 'SagaResumed':
      return enter(state, event, state.failure ? 'COMPENSATING' : 'RUNNING', ['STUCK']);
    case 'SagaCompleted':
      return withoutLocks(enter(state, event, 'COMPLETED', ['RUNNING']));
    case 'SagaCompensated':
      return withoutLocks(enter(state, event, 'COMPENSATED', ['COMPENSATING']));
    default:
  }
  if (hasEnded(state)) throw illegal(event, `the saga is ${state.status}`);
  if ('key' in event) return { ...state, locks: evolveLocks(state.locks, event) };
  const step = evolveStep(stepState(state, event.step), event);
  return { ...state, steps: { ...state.steps, [event.step]: step } };
}

/** The state after a whole history, or after more of it. */
export function evolveAll(state: SagaState | undefined, events: readonly SagaEvent[]): SagaState | undefined {
  return events.reduce<SagaState | undefined>(evolve, state);
}

type Began = Extract<SagaEvent, { type: 'CompensationBegan' }>;

/** A saga turns back once; a child that is done may do so at its parent's word. */
function turnBack(state: SagaState, event: Began): SagaState {
  if (state.failure) throw illegal(event, 'the saga has turned back already');
  const from: SagaStatus[] = ['RUNNING', 'STUCK'];
  if (state.parent?.undoEpoch !== undefined) from.push('COMPLETED');
  return { ...enter(state, event, 'COMPENSATING', from), failure: event.failure };
}

function enter(
  state: SagaState,
  event: SagaEvent,
  status: SagaStatus,
  from: readonly SagaStatus[],
): SagaState {
  if (!from.includes(state.status)) throw illegal(event, `the saga is ${state.status}`);
  return { ...state, status };
}

/** They are given up at the end. A child that turns back later does so without them. */
function withoutLocks({ locks: _, ...state }: SagaState): SagaState {
  return state;
}

type LockEvent = Extract<SagaEvent, { key: string }>;

function evolveLocks(locks: Locks | undefined, event: LockEvent): Locks {
  const { key, type } = event;
  const next = locks?.keys[locks.taken];
  if (!locks) throw illegal(event, 'the saga has no locks');
  switch (type) {
    case 'LockRequested':
      if (locks.waiting || next !== key) throw illegal(event, `its turn has not come`);
      return { ...locks, waiting: true };
    case 'LockAcquired':
      if (!locks.waiting || next !== key) throw illegal(event, 'it was not asked for');
      return { ...locks, waiting: false, taken: locks.taken + 1 };
    case 'LockLost':
      if (!locks.keys.slice(0, locks.taken).includes(key) || locks.lost?.includes(key))
        throw illegal(event, 'it was not held');
      return { ...locks, lost: [...(locks.lost ?? []), key] };
  }
}
