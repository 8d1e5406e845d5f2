/**
 * The same saga with the same participants ends alike, whether it is orchestrated or choreographed, as long as nothing is
 * lost, repeated or overtaken. What differs is said here, and nothing else does. Repeat a run with `CLEW_SEED=<seed>`.
 */
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  choreographyFlaw,
  stepsOf,
  stepState,
  type Operation,
  type SagaState,
  type StepState,
} from '@clew/saga/core';
import { noCoverage } from './coverage.js';
import { drawScenario } from './draw-scenario.js';
import { playFairPhase, playToRest } from './fair-phase.js';
import { ALL_GUARDS } from './guards.js';
import { SAGA_CORE } from './saga-core.js';
import { resourceOf, type Coordination, type SagaPlan, type Scenario } from './scenario.js';
import { tapesOf } from './simulate.js';
import { Tape } from './tape.js';
import { World } from './world.js';

const SCENARIOS = 2_000;
const seed = Number((process.env['CLEW_SEED'] ?? '').split(':')[0] || Date.now() % 2 ** 31);

/** What its participants make of a step that they are asked to undo and have never heard of. */
const UNDONE_UNHEARD = { status: 'COMPENSATED', action: [0, 0], undo: [0, 1] };

interface Ending {
  readonly state: SagaState;
  /** Of every step: what was held in the end, as the ledger has it. */
  readonly held: readonly (readonly [step: string, units: number])[];
  readonly hasTurnedBackUnheard: boolean;
}

/** One saga of a drawn scenario. */
function sceneOf(number: number, coordination: Coordination): Scenario {
  const scenario = drawScenario(new Tape(tapesOf(seed, number).cast), undefined, coordination);
  return { ...scenario, sagas: scenario.sagas.slice(0, 1) };
}

/** Plays it without any trouble but what the participants make. The wish comes when nothing is left to wait for but deadlines. */
function play(scenario: Scenario, number: number, wish?: Operation): Ending {
  const world = new World(scenario, SAGA_CORE, ALL_GUARDS, noCoverage());
  const { sagaId } = scenario.sagas[0]!;
  if (wish) {
    playToRest(world);
    world.wish(sagaId, wish);
  }
  playFairPhase(world, new Tape(tapesOf(seed, number).cast));
  const events = world.store.commits.flatMap((commit) => commit.events);
  return {
    state: world.store.read(sagaId).state!,
    held: [...world.ledger.heldBy(sagaId)].sort(([one], [other]) => one.localeCompare(other)),
    hasTurnedBackUnheard: events.some(
      (event) =>
        event.type === 'CompensationBegan' &&
        (!event.failure.step || event.failure.code === 'STEP_TIMED_OUT'),
    ),
  };
}

/** Of two members of a group that are both refused, either may be first: that is nobody's promise. */
function isUndecided({ definition, sagas: [saga], capacities }: Scenario): boolean {
  const isRefused = (name: string) => {
    const { refuses, units } = saga!.steps.get(name)!;
    return refuses || capacities.get(resourceOf(definition, name))! < units;
  };
  return definition.stages.some((stage) => stage.filter(({ name }) => isRefused(name)).length > 1);
}

/** What stands in the end, without results, which an orchestrator may come to know where an owner doesn't. */
function standing(state: SagaState, name: string): unknown {
  const step = stepState(state, name);
  const trace = (asked: { epoch: number; attempt: number } | undefined) =>
    asked && [asked.epoch, asked.attempt];
  return {
    status: step.status,
    action: 'action' in step ? trace(step.action) : undefined,
    undo: 'undo' in step ? trace(step.undo) : undefined,
    reason: step.status === 'STUCK' ? step.reason : undefined,
  };
}

/**
 * Steps that an orchestrator knows not to have begun, where the owner of a choreography can't know: those that are PENDING
 * when it turns back for a cancel, an operator, its own deadline or a silent step, and those that a bug has kept from it.
 */
function unheardIn({ definition }: Scenario, { state, hasTurnedBackUnheard }: Ending): string[] {
  const mayHaveBegun = (step: StepState) =>
    (step.status === 'PENDING' && hasTurnedBackUnheard) ||
    (step.status === 'SKIPPED' && step.because === 'abandoned');
  return stepsOf(definition).flatMap(({ name, kind }) =>
    kind === 'compensatable' && mayHaveBegun(stepState(state, name)) ? [name] : [],
  );
}

/** The same, with participants that answer when they are asked to undo these steps. */
function answeringFor(steps: readonly string[], scenario: Scenario): Scenario {
  const answering = (saga: SagaPlan): SagaPlan => {
    const plans = [...saga.steps].map(([name, plan]) => {
      return [name, steps.includes(name) ? { ...plan, deafToUndo: 0 } : plan] as const;
    });
    return { ...saga, steps: new Map(plans) };
  };
  return { ...scenario, sagas: scenario.sagas.map(answering) };
}

interface Comparison {
  readonly orchestrated: Ending;
  readonly unheard: readonly string[];
  /** What stands in the end in each, if that isn't the same. */
  readonly difference?: string;
}

/** Nothing where there is nothing to compare. */
function compare(number: number, wish?: Operation): Comparison | undefined {
  const scenario = sceneOf(number, 'orchestration');
  if (choreographyFlaw(scenario.definition) !== undefined || isUndecided(scenario)) return undefined;
  const orchestrated = play(scenario, number, wish);
  const unheard = unheardIn(scenario, orchestrated);
  const answering = answeringFor(unheard, sceneOf(number, 'choreography'));
  const choreographed = play(answering, number, wish);
  const textOf = ({ state, held }: Ending, undone: readonly string[]) => {
    const steps = stepsOf(scenario.definition).map(({ name }) => {
      return [name, undone.includes(name) ? UNDONE_UNHEARD : standing(state, name)];
    });
    return JSON.stringify({ status: state.status, failure: state.failure, held, steps });
  };
  const [one, other] = [textOf(orchestrated, unheard), textOf(choreographed, [])];
  const difference = `CLEW_SEED=${seed}, scenario ${number}: ${one} but choreographed ${other}`;
  return { orchestrated, unheard, ...(one !== other && { difference }) };
}

function comparisons(count: number, wish?: Operation): Comparison[] {
  return Array.from({ length: count }, (_, number) => compare(number, wish) ?? []).flat();
}

describe.each<[string, Operation | undefined]>([
  ['left alone', undefined],
  ['cancelled by its caller', { action: 'cancel' }],
  ['turned back by an operator', { action: 'compensate' }],
])('a saga that is %s', (_, wish) => {
  let compared: readonly Comparison[];

  beforeAll(() => {
    compared = comparisons(SCENARIOS, wish);
  }, 300_000);

  it('ends alike in both coordinations, but that steps which may have begun unheard are undone', () => {
    const differences = compared.flatMap(({ difference }) => difference ?? []);
    expect(differences.slice(0, 3)).toEqual([]);
  });

  it('really does so in every way', () => {
    const endings = (status: string) =>
      compared.filter(({ orchestrated }) => orchestrated.state.status === status);
    expect(compared.length).toBeGreaterThan(SCENARIOS / 4);
    expect(endings('COMPLETED').length).toBeGreaterThan(80);
    expect(endings('COMPENSATED').length).toBeGreaterThan(80);
    expect(endings('STUCK').length).toBeGreaterThan(3);
    expect(compared.filter(({ unheard }) => unheard.length > 0).length).toBeGreaterThan(10);
  });
});
