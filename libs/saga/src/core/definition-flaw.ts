import { participantOf } from './command.js';
import { SAGA_PARTICIPANT } from './child-saga.js';
import { stepsOf, type SagaDefinition, type StepDefinition } from './definition.js';
import { isWholeMilliseconds, policyFlaw } from './policy-flaw.js';

const NAME = /^[a-z][a-z0-9-]{0,39}$/;

/** What is wrong with a definition, as the end of a sentence that says what to mend; `undefined` when nothing is. */
export function definitionFlaw(definition: SagaDefinition): string | undefined {
  const { name, version, stages, timeoutMs, lock } = definition;
  if (!NAME.test(name)) return 'its name must be 1 to 40 lower-case letters, digits or hyphens';
  if (!Number.isInteger(version) || version < 1) return 'its version must be a whole number from 1';
  if (timeoutMs !== undefined && !isWholeMilliseconds(timeoutMs))
    return 'its timeoutMs must be whole milliseconds, up to 24 days';
  if (lock && !isWholeMilliseconds(lock.leaseMs))
    return 'its lockLeaseMs must be whole milliseconds, up to 24 days';
  if (stages.length === 0) return 'it has no step';
  const names = stepsOf(definition).map((step) => step.name);
  const twice = names.find((step, index) => names.indexOf(step) !== index);
  if (twice) return `it has two steps named "${twice}"`;
  return orderFlaw(definition) ?? firstOf(stepsOf(definition), stepFlaw);
}

function orderFlaw({ stages }: SagaDefinition): string | undefined {
  let committedBy: StepDefinition | undefined;
  for (const stage of stages) {
    const [first] = stage;
    if (!first) return 'it has a parallel group without steps';
    for (const { name, kind } of stage) {
      if (kind === 'pivot' && stage.length > 1) {
        return `the pivot "${name}" can't be part of a parallel group`;
      }
      if (kind !== first.kind) return `the steps side by side with "${first.name}" aren't all ${first.kind}`;
      if (committedBy && kind !== 'retriable') {
        return `step "${name}" is ${kind} but comes after "${committedBy.name}", which is ${committedBy.kind}: only retriable steps may follow`;
      }
    }
    if (first.kind !== 'compensatable') committedBy ??= first;
  }
  return undefined;
}

function stepFlaw(step: StepDefinition): string | undefined {
  const { name, child, policies } = step;
  if (!NAME.test(name))
    return `the step name "${name}" must be 1 to 40 lower-case letters, digits or hyphens`;
  const flaw = child ? childFlaw(step, child) : commandFlaw(step);
  if (flaw) return flaw;
  const policy = policyFlaw(policies.action ?? {}) ?? policyFlaw(policies.compensation ?? {});
  return policy && `in the policy of step "${name}", ${policy}`;
}

function commandFlaw({ name, kind, action, compensation }: StepDefinition): string | undefined {
  const participant = participantOf(action.type);
  if (participant === SAGA_PARTICIPANT)
    return `step "${name}" sends ${action.type}, but the name "${SAGA_PARTICIPANT}" is kept for child sagas`;
  if (kind !== 'compensatable') return undefined;
  if (!compensation) return `step "${name}" names neither a compensation nor that it is a pivot or retriable`;
  // The fence that keeps the two apart is in one participant's database.
  if (participantOf(compensation.type) !== participant) {
    return `step "${name}" is done by ${participant} and must be undone there, not by ${compensation.type}`;
  }
  if (compensation.type === action.type) return `step "${name}" has one command as action and compensation`;
  return undefined;
}

function childFlaw({ name, kind }: StepDefinition, child: SagaDefinition): string | undefined {
  const committed = stepsOf(child).find((step) => step.kind !== 'compensatable');
  if (kind !== 'compensatable' || !committed) return undefined;
  return `the child saga ${child.name} of step "${name}" can't be undone after "${committed.name}", which is ${committed.kind}: make the step a pivot or retriable`;
}

function firstOf<Item>(items: readonly Item[], flawOf: (item: Item) => string | undefined) {
  for (const item of items) {
    const flaw = flawOf(item);
    if (flaw) return flaw;
  }
  return undefined;
}
