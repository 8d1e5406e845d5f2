import { stepsOf, type SagaDefinition, type StepDefinition } from './definition.js';
import type { SagaEvent } from './events.js';
import {
  isInDoubtForBug,
  isParkedUndo,
  stepState,
  type Failure,
  type SagaState,
  type StepState,
} from './state.js';

/**
 * The way back begins at once: what is still under way counts as in doubt, and its undo is safe under the fence.
 *
 * In a choreography steps begin without our having heard of it. Those that may have are in doubt, too; after a rejection
 * these are no later ones, as they would need the step that was refused.
 */
export function turnBack(
  definition: SagaDefinition,
  state: SagaState,
  failure: Failure,
  { refused }: { readonly refused: boolean } = { refused: false },
): SagaEvent[] {
  const others = stepsOf(definition).flatMap(({ name, kind }): SagaEvent[] => {
    if (name === failure.step) return [];
    const step = stepState(state, name);
    if (step.status === 'EXECUTING' || isInDoubtForBug(step))
      return [{ type: 'StepLeftInDoubt', step: name, because: 'abandoned' }];
    if (state.coordination && mayHaveBegunUnheard(kind, step, refused))
      return [{ type: 'StepLeftInDoubt', step: name, because: 'unheard' }];
    // Parked before it could begin.
    if (step.status === 'STUCK' && !isParkedUndo(step))
      return [{ type: 'StepSkipped', step: name, because: 'abandoned' }];
    return [];
  });
  return [{ type: 'CompensationBegan', failure }, ...others];
}

/** What can't be undone begins at the owner's word only. */
function mayHaveBegunUnheard(kind: StepDefinition['kind'], step: StepState, refused: boolean): boolean {
  if (kind !== 'compensatable') return false;
  return step.status === 'PENDING' ? !refused : step.status === 'STUCK' && !isParkedUndo(step);
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
