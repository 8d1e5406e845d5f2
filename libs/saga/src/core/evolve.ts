import type { SagaEvent } from './events.js';
import {
  hasEnded,
  stepState,
  type ActionTrace,
  type SagaState,
  type SagaStatus,
  type StepState,
  type UndoTrace,
} from './state.js';

/** The state after an event. Throws on an event that can't follow the state: its history is broken. */
export function evolve(state: SagaState | undefined, event: SagaEvent): SagaState {
  if (event.type === 'SagaStarted') {
    if (state) throw illegal(event, 'the saga has started already');
    return { status: 'RUNNING', input: event.input, steps: {} };
  }
  if (!state) throw illegal(event, 'the saga has not started');
  if (hasEnded(state)) throw illegal(event, `the saga is ${state.status}`);
  switch (event.type) {
    case 'CompensationBegan':
      return { ...enter(state, event, 'COMPENSATING', ['RUNNING']), failure: event.failure };
    case 'SagaStuck':
      return enter(state, event, 'STUCK', ['RUNNING', 'COMPENSATING']);
    case 'SagaCompleted':
      return enter(state, event, 'COMPLETED', ['RUNNING']);
    case 'SagaCompensated':
      return enter(state, event, 'COMPENSATED', ['COMPENSATING', 'STUCK']);
    default:
      return {
        ...state,
        steps: { ...state.steps, [event.step]: evolveStep(stepState(state, event.step), event) },
      };
  }
}

/** The state after a whole history, or after more of it. */
export function evolveAll(state: SagaState | undefined, events: readonly SagaEvent[]): SagaState | undefined {
  return events.reduce<SagaState | undefined>(evolve, state);
}

type StepEvent = Extract<SagaEvent, { step: string }>;

function enter(
  state: SagaState,
  event: SagaEvent,
  status: SagaStatus,
  from: readonly SagaStatus[],
): SagaState {
  if (!from.includes(state.status)) throw illegal(event, `the saga is ${state.status}`);
  return { ...state, status };
}

function evolveStep(step: StepState, event: StepEvent): StepState {
  switch (event.type) {
    case 'StepStarted':
      if (step.status !== 'PENDING') throw illegal(event, `the step is ${step.status}`);
      return { status: 'EXECUTING', action: { epoch: event.epoch, attempt: 1 } };
    case 'CommandRepeated':
      if (event.direction === 'action')
        return { status: 'EXECUTING', action: { ...executing(step, event), attempt: event.attempt } };
      return { status: 'COMPENSATING', ...undone(step, event, event.attempt) };
    case 'StepSucceeded':
      return { status: 'SUCCEEDED', action: { ...executing(step, event), result: event.result } };
    case 'StepRejected':
      return { status: 'REJECTED', action: executing(step, event), rejection: event.rejection };
    case 'StepLeftInDoubt':
      return { status: 'IN_DOUBT', action: executing(step, event) };
    case 'StepCompensationStarted':
      if (step.status !== 'SUCCEEDED' && step.status !== 'IN_DOUBT')
        throw illegal(event, `the step is ${step.status}`);
      return { status: 'COMPENSATING', action: step.action, undo: { epoch: event.epoch, attempt: 1 } };
    case 'StepCompensated':
      return { status: 'COMPENSATED', ...undone(step, event) };
    case 'StepParked':
      if (step.status === 'EXECUTING') return { status: 'STUCK', action: step.action, reason: event.reason };
      return { status: 'STUCK', ...undone(step, event), reason: event.reason };
    default:
      throw illegal(event, 'there is no such event');
  }
}

function executing(step: StepState, event: StepEvent): ActionTrace {
  if (step.status === 'EXECUTING' && (!('epoch' in event) || event.epoch === step.action.epoch))
    return step.action;
  throw illegal(event, `the step is ${step.status}`);
}

/** The traces of an undo that is under way; or parked, unless the event asks for another attempt. */
function undone(
  step: StepState,
  event: StepEvent,
  attempt?: number,
): { action: ActionTrace; undo: UndoTrace } {
  const isUnderWay = step.status === 'COMPENSATING' || (step.status === 'STUCK' && attempt === undefined);
  if (!isUnderWay || !step.undo || ('epoch' in event && event.epoch !== step.undo.epoch)) {
    throw illegal(event, `the step is ${step.status}`);
  }
  return { action: step.action, undo: { ...step.undo, attempt: attempt ?? step.undo.attempt } };
}

function illegal(event: SagaEvent, because: string): Error {
  return new Error(
    `${event.type} can't happen${'step' in event ? ` to step "${event.step}"` : ''}: ${because}`,
  );
}
