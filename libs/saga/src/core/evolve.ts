import type { SagaEvent } from './events.js';
import { stepState, type ActionTrace, type SagaState, type StepState } from './state.js';

/** The state after an event. Throws on an event that can't follow the state: its history is broken. */
export function evolve(state: SagaState | undefined, event: SagaEvent): SagaState {
  if (event.type === 'SagaStarted') {
    if (state) throw illegal(event, 'the saga has started already');
    return { status: 'RUNNING', input: event.input, steps: {} };
  }
  if (!state) throw illegal(event, 'the saga has not started');
  switch (event.type) {
    case 'CompensationBegan':
      return { ...state, status: 'COMPENSATING', failure: event.failure };
    case 'SagaStuck':
      return { ...state, status: 'STUCK' };
    case 'SagaCompleted':
      return { ...state, status: 'COMPLETED' };
    case 'SagaCompensated':
      return { ...state, status: 'COMPENSATED' };
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

function evolveStep(step: StepState, event: StepEvent): StepState {
  switch (event.type) {
    case 'StepStarted':
      return { status: 'EXECUTING', action: { epoch: event.epoch, attempt: 1 } };
    case 'CommandRepeated':
      if (step.status === 'EXECUTING') return { ...step, action: { ...step.action, attempt: event.attempt } };
      if (step.status === 'COMPENSATING') return { ...step, undo: { ...step.undo, attempt: event.attempt } };
      throw illegal(event, `the step is ${step.status}`);
    case 'StepSucceeded':
      return { status: 'SUCCEEDED', action: { ...actionOf(step, event), result: event.result } };
    case 'StepRejected':
      return { status: 'REJECTED', action: actionOf(step, event), rejection: event.rejection };
    case 'StepLeftInDoubt':
      return { status: 'IN_DOUBT', action: actionOf(step, event) };
    case 'StepCompensationStarted':
      return {
        status: 'COMPENSATING',
        action: actionOf(step, event),
        undo: { epoch: event.epoch, attempt: 1 },
      };
    case 'StepCompensated':
      return { status: 'COMPENSATED', action: actionOf(step, event), undo: undoOf(step, event) };
    case 'StepParked':
      return {
        status: 'STUCK',
        action: actionOf(step, event),
        ...('undo' in step && { undo: step.undo }),
        reason: event.reason,
      };
  }
}

function actionOf(step: StepState, event: StepEvent): ActionTrace {
  if ('action' in step) return step.action;
  throw illegal(event, `the step is ${step.status}`);
}

function undoOf(step: StepState, event: StepEvent) {
  if ('undo' in step && step.undo) return step.undo;
  throw illegal(event, `the step is ${step.status}`);
}

function illegal(event: SagaEvent, because: string): Error {
  return new Error(
    `${event.type} can't happen${'step' in event ? ` to step "${event.step}"` : ''}: ${because}`,
  );
}
