import { stepsOf, type SagaDefinition, type StepDefinition } from './definition.js';
import type { SagaEvent } from './events.js';
import { isParkedUndo, stepState, type SagaState } from './state.js';
import { bugOf, payloadBug, viewFor } from './step-view.js';

/** What the saga does next by itself; nothing while it waits. */
export function advance(definition: SagaDefinition, state: SagaState): SagaEvent[] {
  switch (state.status) {
    case 'RUNNING':
      return goForward(definition, state);
    case 'COMPENSATING':
      return goBack(definition, state);
    case 'STUCK': {
      // The last parked step may have been answered, or an operator may have acted.
      const next = state.failure ? goBack(definition, state) : goForward(definition, state);
      return next.length === 0 || next[0]?.type === 'SagaStuck' ? [] : [{ type: 'SagaResumed' }, ...next];
    }
    case 'COMPLETED':
    case 'COMPENSATED':
      return [];
  }
}

function goForward(definition: SagaDefinition, state: SagaState): SagaEvent[] {
  const { locks } = state;
  const key = locks?.keys[locks.taken];
  if (key !== undefined) return locks?.waiting ? [] : [{ type: 'LockRequested', key }];
  for (const stage of definition.stages) {
    const members = stage.map((step) => ({ step, status: stepState(state, step.name).status }));
    const idle = members.filter(({ status }) => status === 'PENDING');
    if (idle.length > 0) return idle.map(({ step }) => begin(definition, state, step));
    if (members.some(({ status }) => status === 'EXECUTING')) return [];
    if (members.some(({ status }) => status === 'STUCK')) return [{ type: 'SagaStuck' }];
  }
  return [{ type: 'SagaCompleted' }];
}

/** The definition's own code is tried here: what throws parks the step, where an operator sees why. */
function begin(definition: SagaDefinition, state: SagaState, step: StepDefinition): SagaEvent {
  const { name, when } = step;
  try {
    if (when && !when(viewFor(definition, state, name)))
      return { type: 'StepSkipped', step: name, because: 'condition' };
  } catch (error) {
    return { type: 'StepParked', step: name, reason: bugOf(error) };
  }
  const bug = payloadBug(definition, state, step);
  if (bug) return { type: 'StepParked', step: name, reason: bug };
  const current = stepState(state, name);
  const { epoch, attempt } = (current.status === 'PENDING' && current.action) || { epoch: 0, attempt: 0 };
  return { type: 'StepStarted', step: name, epoch, attempt: attempt + 1 };
}

/** One undo at a time, in reverse order of the definition; a parked one counts as passed. */
function goBack(definition: SagaDefinition, state: SagaState): SagaEvent[] {
  const steps = stepsOf(definition).reverse();
  for (const { name } of steps) {
    const step = stepState(state, name);
    if (step.status === 'COMPENSATING') return [];
  }
  for (const { name } of steps) {
    const step = stepState(state, name);
    if (step.status !== 'SUCCEEDED' && step.status !== 'IN_DOUBT') continue;
    const earlier = step.status === 'IN_DOUBT' ? step.undo : undefined;
    const { epoch, attempt } = earlier ?? { epoch: 0, attempt: 0 };
    return [{ type: 'StepCompensationStarted', step: name, epoch, attempt: attempt + 1 }];
  }
  const isParked = steps.some(({ name }) => isParkedUndo(stepState(state, name)));
  return [{ type: isParked ? 'SagaStuck' : 'SagaCompensated' }];
}
