import {
  choreographyFlaw,
  DEFAULT_POLICIES,
  stepsOf,
  type SagaDefinition,
  type StepDefinition,
} from '@clew/saga/core';
import { drawDefinition } from './draw-definition.js';
import {
  familyOf,
  resourceOf,
  type Coordination,
  type InstancePlan,
  type Scenario,
  type StepPlan,
} from './scenario.js';
import type { Tape } from './tape.js';

const AMPLE = 1_000;

/** The part of a scenario that a team brings: the rest is drawn. */
export interface Given {
  readonly definition: SagaDefinition;
  readonly inputs: readonly unknown[];
  readonly results: Readonly<Record<string, object>>;
}

/** Draws the cast of a history. What can't be undone is never silent for ever: the saga would ask it for ever. */
export function drawScenario(tape: Tape, given?: Given, coordination?: Coordination): Scenario {
  const { definition, bugs } = given
    ? { definition: given.definition, bugs: undefined }
    : drawDefinition(tape);
  const isHard = tape.chance(20);
  const hasOperator = tape.chance(50);
  const policies = {
    action: { ...DEFAULT_POLICIES.action, attempts: 1 + tape.pick(3) },
    compensation: { ...DEFAULT_POLICIES.compensation, attempts: 1 + tape.pick(4) },
  };
  const inputs = given?.inputs ?? [{ number: 0 }, { number: 1 }, { number: 2 }];
  const sagas = Array.from({ length: 1 + tape.pick(3) }, (_, index) => ({
    sagaId: `00000000-0000-4000-8000-00000000000${index}`,
    input: inputs[index % inputs.length],
    ...drawPlan(tape, definition, isHard),
  }));
  const capacities = familyOf(definition).flatMap((member) =>
    stepsOf(member).map(({ name, kind }): [string, number] => [
      resourceOf(member, name),
      kind !== 'retriable' && tape.chance(20) ? tape.pick(4) : AMPLE,
    ]),
  );
  const deciders = 1 + tape.pick(3);
  const drawn: Coordination = tape.chance(50) ? 'choreography' : 'orchestration';
  const canBeChoreographed = choreographyFlaw(definition) === undefined;
  return {
    definition,
    coordination: canBeChoreographed ? (coordination ?? drawn) : 'orchestration',
    policies,
    sagas,
    capacities: new Map(capacities),
    deciders,
    hasOperator,
    results: given?.results ?? {},
    releaseBugs: () => {
      if (bugs) bugs.released = true;
    },
    mendBugs: () => {
      if (bugs) bugs.mended = true;
    },
  };
}

function drawPlan(tape: Tape, definition: SagaDefinition, isHard: boolean): InstancePlan {
  const steps = stepsOf(definition);
  return {
    definition,
    steps: new Map(steps.map((step) => [step.name, drawStepPlan(tape, step, isHard)])),
    children: new Map(
      steps.flatMap(({ name, child }) => (child ? [[name, drawPlan(tape, child, isHard)] as const] : [])),
    ),
  };
}

/** `isHard`: whether participants may do what only an operator can mend. */
function drawStepPlan(tape: Tape, { kind }: StepDefinition, isHard: boolean): StepPlan {
  const mayRefuse = kind === 'retriable' ? isHard : true;
  const forEver = kind === 'compensatable' ? Infinity : 3;
  return {
    units: 1 + tape.pick(2),
    refuses: mayRefuse && tape.chance(12),
    refusesUndo: isHard && tape.chance(25),
    deafTo: tape.chance(12) ? [1, 2, forEver][tape.pick(3)]! : 0,
    deafToUndo: tape.chance(12) ? [1, 2, isHard ? Infinity : 3][tape.pick(3)]! : 0,
  };
}
