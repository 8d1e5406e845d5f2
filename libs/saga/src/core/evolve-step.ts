import type { SagaEvent } from './events.js';
import { illegal } from './illegal.js';
import { isParkedForBug, type ActionTrace, type StepState, type UndoTrace } from './state.js';

export type StepEvent = Extract<SagaEvent, { step: string }>;

const NEVER_ASKED: ActionTrace = { epoch: 0, attempt: 0 };

/** A step after an event about it. Throws on an event that can't follow its state. */
export function evolveStep(step: StepState, event: StepEvent): StepState {
  const impossible = () => illegal(event, `the step is ${step.status}`);
  switch (event.type) {
    case 'StepStarted':
      return started(step, event);
    case 'StepSkipped':
      return skipped(step, event);
    case 'CommandRepeated':
      if (event.direction === 'action')
        return { status: 'EXECUTING', action: { ...executing(step, event), attempt: event.attempt } };
      if (step.status !== 'COMPENSATING' || step.undo.epoch !== event.epoch) throw impossible();
      return { ...step, undo: { ...step.undo, attempt: event.attempt } };
    case 'StepSucceeded': {
      const isParkedAction = step.status === 'STUCK' && !step.undo && event.byHand;
      const action = isParkedAction ? (step.action ?? NEVER_ASKED) : executing(step, event);
      return { status: 'SUCCEEDED', action: { ...action, result: event.result } };
    }
    case 'StepRejected':
      return { status: 'REJECTED', action: executing(step, event), rejection: event.rejection };
    case 'StepLeftInDoubt':
      return {
        status: 'IN_DOUBT',
        action: event.because === 'unheard' ? unheard(step, event) : executing(step, event),
      };
    case 'StepCompensationStarted':
      return compensating(step, event);
    case 'StepCompensated':
      return { status: 'COMPENSATED', ...undone(step, event) };
    case 'StepParked':
      return parked(step, event);
    case 'StepUnparked':
      return unparked(step, event);
    default:
      throw illegal(event, 'there is no such event');
  }
}

function started(step: StepState, event: Extract<StepEvent, { type: 'StepStarted' }>): StepState {
  const { epoch, attempt } = event;
  if (step.status !== 'PENDING') throw illegal(event, `the step is ${step.status}`);
  const earlier = step.action ?? NEVER_ASKED;
  if (epoch !== earlier.epoch || attempt !== earlier.attempt + 1)
    throw illegal(event, `it was asked for ${earlier.attempt} times under epoch ${earlier.epoch}`);
  return { status: 'EXECUTING', action: { epoch, attempt, ...(attempt > 1 && { since: attempt }) } };
}

/** Of an action that is awaited, or that may have begun although it is parked. */
function executing(step: StepState, event: StepEvent): ActionTrace {
  if (event.type !== 'CommandRepeated' && isParkedForBug(step)) return step.action ?? NEVER_ASKED;
  if (step.status === 'EXECUTING' && (!('epoch' in event) || event.epoch === step.action.epoch))
    return step.action;
  throw illegal(event, `the step is ${step.status}`);
}

/** Of an action that hasn't begun as far as is known. */
function unheard(step: StepState, event: StepEvent): ActionTrace {
  const isParkedAction = step.status === 'STUCK' && !step.undo;
  if (step.status === 'PENDING' || isParkedAction) return step.action ?? NEVER_ASKED;
  throw illegal(event, `the step is ${step.status}`);
}

function skipped(step: StepState, event: Extract<StepEvent, { type: 'StepSkipped' }>): StepState {
  const { because } = event;
  const from: Record<typeof because, readonly StepState['status'][]> = {
    condition: ['PENDING'],
    operator: ['STUCK', 'EXECUTING'],
    abandoned: ['STUCK'],
  };
  const isUndo = 'undo' in step && step.undo !== undefined;
  const waitsForRetry = because === 'operator' && step.status === 'IN_DOUBT' && isUndo;
  if ((!from[because].includes(step.status) && !waitsForRetry) || (because === 'abandoned' && isUndo))
    throw illegal(event, `the step is ${step.status}`);
  return {
    status: 'SKIPPED',
    because,
    ...('action' in step && step.action && { action: step.action }),
    ...('undo' in step && step.undo && { undo: step.undo }),
  };
}

function compensating(
  step: StepState,
  event: Extract<StepEvent, { type: 'StepCompensationStarted' }>,
): StepState {
  const { epoch, attempt } = event;
  const earlier = step.status === 'IN_DOUBT' ? step.undo : undefined;
  const follows = earlier
    ? epoch === earlier.epoch && attempt === earlier.attempt + 1
    : epoch === 0 && attempt === 1;
  if ((step.status !== 'SUCCEEDED' && step.status !== 'IN_DOUBT') || !follows)
    throw illegal(event, `the step is ${step.status}`);
  const undo = { epoch, attempt, ...(attempt > 1 && { since: attempt }) };
  return { status: 'COMPENSATING', action: step.action, undo };
}

/** The traces of an undo that is under way, parked, or waits for another try. */
function undone(step: StepState, event: StepEvent): { action: ActionTrace; undo: UndoTrace } {
  const wasAskedFor = step.status === 'COMPENSATING' || step.status === 'STUCK' || step.status === 'IN_DOUBT';
  if (!wasAskedFor || !step.undo || !step.action) throw illegal(event, `the step is ${step.status}`);
  return { action: step.action, undo: step.undo };
}

/** From being asked for; or, with an answer that came late, from being parked for want of one. */
function parked(step: StepState, event: Extract<StepEvent, { type: 'StepParked' }>): StepState {
  const { reason } = event;
  const isBroken = reason.kind === 'bug' && (step.status === 'PENDING' || step.status === 'EXECUTING');
  const isAsked = reason.kind !== 'bug' && (step.status === 'EXECUTING' || step.status === 'COMPENSATING');
  const isAnsweredLate =
    reason.kind === 'rejection' &&
    ((step.status === 'STUCK' && step.reason.kind === 'silence') || step.status === 'IN_DOUBT') &&
    step.undo !== undefined;
  const isRefusedLate = reason.kind === 'rejection' && isParkedForBug(step);
  if (!isBroken && !isAsked && !isAnsweredLate && !isRefusedLate)
    throw illegal(event, `the step is ${step.status}`);
  return {
    status: 'STUCK',
    ...('action' in step && step.action && { action: step.action }),
    ...('undo' in step && step.undo && { undo: step.undo }),
    reason,
  };
}

/** Under the same epoch the attempts count on; a new one begins afresh. */
function unparked(step: StepState, event: Extract<StepEvent, { type: 'StepUnparked' }>): StepState {
  if (step.status !== 'STUCK') throw illegal(event, `the step is ${step.status}`);
  const { action, undo } = step;
  const again = <T extends ActionTrace | UndoTrace>(trace: T) =>
    trace.epoch === event.epoch ? trace : { epoch: event.epoch, attempt: 0 };
  if (undo && action) return { status: 'IN_DOUBT', action, undo: again(undo) };
  return { status: 'PENDING', ...((action || event.epoch > 0) && { action: again(action ?? NEVER_ASKED) }) };
}
