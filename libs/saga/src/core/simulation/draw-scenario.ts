import { DEFAULT_POLICIES, stepsOf, type StepDefinition } from '../definition.js';
import { drawDefinition } from './draw-definition.js';
import type { Scenario, StepPlan } from './scenario.js';
import type { Tape } from './tape.js';

const AMPLE = 1_000;

/** Draws the cast of a history. What can't be undone is never silent for ever: the saga would ask it for ever. */
export function drawScenario(tape: Tape): Scenario {
  const definition = drawDefinition(tape);
  const steps = stepsOf(definition);
  const operatorNeeded = tape.chance(15);
  return {
    definition,
    policies: {
      action: { ...DEFAULT_POLICIES.action, attempts: 1 + tape.pick(3) },
      compensation: { ...DEFAULT_POLICIES.compensation, attempts: 1 + tape.pick(4) },
    },
    sagas: Array.from({ length: 1 + tape.pick(3) }, (_, index) => ({
      sagaId: `00000000-0000-4000-8000-00000000000${index}`,
      input: { number: index },
      steps: new Map(steps.map((step) => [step.name, drawStepPlan(tape, step, operatorNeeded)])),
    })),
    capacities: new Map(
      steps.map(({ name, kind }) => [name, kind !== 'retriable' && tape.chance(20) ? tape.pick(4) : AMPLE]),
    ),
    orchestrators: 1 + tape.pick(3),
  };
}

/** `operatorNeeded`: whether participants may do what only an operator can mend. */
function drawStepPlan(tape: Tape, { kind }: StepDefinition, operatorNeeded: boolean): StepPlan {
  const mayRefuse = kind === 'retriable' ? operatorNeeded : true;
  const forEver = kind === 'compensatable' ? Infinity : 3;
  return {
    units: 1 + tape.pick(2),
    refuses: mayRefuse && tape.chance(12),
    refusesUndo: operatorNeeded && tape.chance(25),
    deafTo: tape.chance(12) ? [1, 2, forEver][tape.pick(3)]! : 0,
    deafToUndo: tape.chance(12) ? [1, 2, operatorNeeded ? Infinity : 3][tape.pick(3)]! : 0,
  };
}
