import { stepsOf, type SagaDefinition } from './definition.js';
import type { SagaEvent } from './events.js';
import { isInDoubtForBug, isParkedUndo, stepState, type Failure, type SagaState } from './state.js';

/** The way back begins at once: what is still under way counts as in doubt, and its undo is safe under the fence. */
export function turnBack(definition: SagaDefinition, state: SagaState, failure: Failure): SagaEvent[] {
  const others = stepsOf(definition).flatMap(({ name }): SagaEvent[] => {
    if (name === failure.step) return [];
    const step = stepState(state, name);
    if (step.status === 'EXECUTING' || isInDoubtForBug(step))
      return [{ type: 'StepLeftInDoubt', step: name, because: 'abandoned' }];
    // Parked before it could begin.
    if (step.status === 'STUCK' && !isParkedUndo(step))
      return [{ type: 'StepSkipped', step: name, because: 'abandoned' }];
    return [];
  });
  return [{ type: 'CompensationBegan', failure }, ...others];
}

/** Whether a step was asked for that can't be undone: from then on only its own rejection turns the saga back. */
export function isCommitted(definition: SagaDefinition, state: SagaState): boolean {
  return committingStep(definition, state) !== undefined;
}

/** The first step, in the order of the definition, that was asked for and can't be undone. */
export function committingStep(definition: SagaDefinition, state: SagaState): string | undefined {
  return stepsOf(definition).find(({ name, kind }) => {
    const step = stepState(state, name);
    return kind !== 'compensatable' && 'action' in step && step.action !== undefined;
  })?.name;
}
