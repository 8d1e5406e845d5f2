import { stepsOf, type SagaDefinition } from '../definition.js';

/** Why a saga can't be choreographed, as the end of a sentence that says what to do; `undefined` when it can. */
export function choreographyFlaw(definition: SagaDefinition): string | undefined {
  const child = stepsOf(definition).find((step) => step.child);
  if (child)
    return `its step "${child.name}" is a child saga, which only an orchestrator can start: orchestrate it, or make the child's steps its own`;
  if (definition.lock)
    return 'it takes locks, and there is no one place to queue for them: orchestrate it, or guard the key in the participant that owns it';
  return undefined;
}
