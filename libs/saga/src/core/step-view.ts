import type { SagaDefinition, StepView } from './definition.js';
import { stepState, type SagaState } from './state.js';

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
