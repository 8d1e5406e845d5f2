import type { SagaDefinition } from '@clew/saga/core';

/**
 * The definition with nothing said about how often and how long its steps are asked: a simulation draws that, and few
 * attempts make more trouble than many. One that occurs twice stays one.
 */
export function withoutPolicies(
  definition: SagaDefinition,
  known = new Map<SagaDefinition, SagaDefinition>(),
): SagaDefinition {
  const found = known.get(definition);
  if (found) return found;
  const stages = definition.stages.map((stage) =>
    stage.map((step) => ({
      ...step,
      policies: {},
      ...(step.child && { child: withoutPolicies(step.child, known) }),
    })),
  );
  const stripped = { ...definition, stages };
  known.set(definition, stripped);
  return stripped;
}
