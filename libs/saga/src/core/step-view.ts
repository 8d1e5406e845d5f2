import type { SagaDefinition, StepDefinition, StepView } from './definition.js';
import { stepState, type ParkReason, type SagaState } from './state.js';

/** What a step may read: results of the stages before its own, so that each attempt carries the same payload. */
export function viewFor(definition: SagaDefinition, state: SagaState, step: string): StepView {
  const results: Record<string, object> = {};
  for (const stage of definition.stages) {
    if (stage.some(({ name }) => name === step)) break;
    for (const { name } of stage) {
      const earlier = stepState(state, name);
      if (earlier.status === 'SUCCEEDED') results[name] = earlier.action.result;
    }
  }
  return { input: state.input, results };
}

/** What the definition's own code throws when it is asked for a step's payload; `undefined` when it gives one. */
export function payloadBug(
  definition: SagaDefinition,
  state: SagaState,
  { name, payload }: StepDefinition,
): Extract<ParkReason, { kind: 'bug' }> | undefined {
  try {
    const built: unknown = payload(viewFor(definition, state, name));
    if (typeof built === 'object' && built !== null && !Array.isArray(built)) return undefined;
    return { kind: 'bug', message: 'The payload is not an object' };
  } catch (error) {
    return bugOf(error);
  }
}

export function bugOf(error: unknown): Extract<ParkReason, { kind: 'bug' }> {
  return { kind: 'bug', message: error instanceof Error ? error.message : String(error) };
}
