import { findStep, stepsOf, type SagaDefinition, type StepDefinition } from './definition.js';
import type { SagaEvent } from './events.js';
import type { Operation, SagaInput } from './inputs.js';
import { hasEnded, stepState, type SagaState, type StepState } from './state.js';
import { committingStep, turnBack } from './turn-back.js';

/** What a person's wish comes to. `because` is a sentence for that person. */
export type Verdict =
  | { readonly kind: 'accepted'; readonly events: readonly SagaEvent[] }
  /** What was wished for is so already, or under way: the same wish twice does no harm. */
  | { readonly kind: 'unchanged'; readonly because: string }
  | { readonly kind: 'refused'; readonly because: string };

type OperationInput = Extract<SagaInput, { type: 'operation' }>;
type StepOperation = Extract<Operation, { step: string }>;

const accepted = (...events: SagaEvent[]): Verdict => ({ kind: 'accepted', events });
const unchanged = (because: string): Verdict => ({ kind: 'unchanged', because });
const refused = (because: string): Verdict => ({ kind: 'refused', because });

/** Judges an operation; its events come before those by which the saga moves on. */
export function judgeOperation(
  definition: SagaDefinition,
  state: SagaState,
  { operation, reason }: OperationInput,
): Verdict {
  if (!('step' in operation)) {
    const code = operation.action === 'cancel' ? 'CANCELLED' : 'COMPENSATED_BY_OPERATOR';
    return judgeTurningBack(definition, state, { code, message: reason });
  }
  const step = findStep(definition, operation.step);
  if (!step) {
    const names = stepsOf(definition).map(({ name }) => name);
    return refused(
      `Saga ${definition.name} has no step "${operation.step}": its steps are ${names.join(', ')}`,
    );
  }
  const current = stepState(state, step.name);
  if (isDone(current, operation))
    return unchanged(`Step "${step.name}" is ${current.status}: there is nothing to ${verb(operation)}`);
  if (hasEnded(state)) return refused(`The saga has ended: it is ${state.status}`);
  return judgeStep(step, current, operation);
}

function judgeTurningBack(
  definition: SagaDefinition,
  state: SagaState,
  failure: { readonly code: string; readonly message: string },
): Verdict {
  if (hasEnded(state)) return refused(`The saga has ended: it is ${state.status}`);
  if (state.failure) return unchanged('The saga is turning back already');
  const name = committingStep(definition, state);
  if (name === undefined) return accepted(...turnBack(definition, state, failure));
  const step = stepState(state, name);
  return refused(
    step.status === 'EXECUTING'
      ? `Step "${name}" can't be undone and may have been done: it has to be known first whether it was`
      : `Step "${name}" is ${step.status} and can't be undone: the saga can only go forward`,
  );
}

function isDone({ status }: StepState, { action }: StepOperation): boolean {
  if (action === 'skip') return status === 'SKIPPED';
  return status === 'SUCCEEDED' || status === 'COMPENSATED' || (action === 'retry' && status === 'SKIPPED');
}

function judgeStep(definition: StepDefinition, step: StepState, operation: StepOperation): Verdict {
  switch (operation.action) {
    case 'retry':
      return judgeRetry(definition.name, step);
    case 'skip':
      return judgeSkip(definition, step);
    case 'mark-done':
      return judgeMarkDone(definition, step, operation.result);
  }
}

/** The next epoch only after a recorded outcome: what was never answered is asked again under its own id. */
function judgeRetry(name: string, step: StepState): Verdict {
  if (step.status === 'STUCK') {
    const { epoch } = step.undo ?? step.action ?? { epoch: 0 };
    const isAnswered = step.reason.kind === 'rejection';
    return accepted({ type: 'StepUnparked', step: name, epoch: isAnswered ? epoch + 1 : epoch });
  }
  const isUnderWay = step.status === 'EXECUTING' || step.status === 'COMPENSATING' || waitsForRetry(step);
  if (isUnderWay) return unchanged(`Step "${name}" is ${step.status}: it is being asked for`);
  return refused(`Step "${name}" is ${step.status}: only a step that is STUCK can be retried`);
}

/** Whether it is an undo that an operator has retried and whose turn hasn't come yet. */
function waitsForRetry(step: StepState): boolean {
  return step.status === 'IN_DOUBT' && step.undo !== undefined;
}

function judgeSkip({ name, kind }: StepDefinition, step: StepState): Verdict {
  const isAction = !('undo' in step && step.undo);
  if (isAction && kind === 'pivot')
    return refused(`Step "${name}" is the pivot: everything after it rests on it. Mark it done instead`);
  if (step.status === 'STUCK' || waitsForRetry(step) || (step.status === 'EXECUTING' && kind === 'retriable'))
    return accepted({ type: 'StepSkipped', step: name, because: 'operator' });
  return refused(
    `Step "${name}" is ${step.status}: only a step that is STUCK, or a retriable one that doesn't answer, can be skipped`,
  );
}

function judgeMarkDone({ name, kind }: StepDefinition, step: StepState, result: object | undefined): Verdict {
  const isUndo = 'undo' in step && step.undo !== undefined;
  if (isUndo && (step.status === 'STUCK' || step.status === 'COMPENSATING' || waitsForRetry(step)))
    return accepted({ type: 'StepCompensated', step: name, byHand: true });
  if (step.status === 'STUCK' || (step.status === 'EXECUTING' && kind !== 'compensatable'))
    return accepted({ type: 'StepSucceeded', step: name, result: result ?? {}, byHand: true });
  return refused(
    `Step "${name}" is ${step.status}: only a step that is STUCK or being undone, or one that can't be undone and doesn't answer, can be marked done`,
  );
}

function verb({ action }: StepOperation): string {
  return action === 'mark-done' ? 'mark done' : action;
}
