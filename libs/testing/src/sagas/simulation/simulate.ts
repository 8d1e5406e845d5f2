import { choreographyFlaw, type SagaDefinition } from '@clew/saga/core';
import { noCoverage, type Coverage } from './coverage.js';
import type { Given } from './draw-scenario.js';
import { playHistory, type HistoryOptions, type HistoryTapes, type Violation } from './history.js';
import { propertiesOf, type OwnPromise } from './own-promise.js';
import { randomNumbers } from './random.js';
import { shrink } from './shrink.js';
import type { Trace } from './trace.js';
import { withoutPolicies } from './without-policies.js';

/** Numbers that a scenario takes at the most. */
const CAST_LENGTH = 260;
const LONGEST_SCHEDULE = 600;

export interface SimulationOptions extends Pick<HistoryOptions, 'core' | 'guards' | 'coordination'> {
  /** How many schedules are played. Default 1,000. */
  readonly schedules?: number;
  /** Everything follows from it. Default: the time. */
  readonly seed?: number;
  /** The number of the first schedule. A failure names its own: with one schedule from there it is played again. */
  readonly from?: number;
  /**
   * The definition to be played, without its policies: attempts are drawn. Without a definition, another one is drawn for
   * every schedule.
   */
  readonly definition?: SagaDefinition;
  /** What instances of it are started with, in turn: up to three at once. Default: one without fields. */
  readonly inputs?: readonly unknown[];
  /**
   * What participants answer, by step, where later payloads and conditions read it. `reservationId` is always there. What
   * an operator marks done has no such result: code that takes one for granted throws, which `coverage.bugsParked` counts.
   */
  readonly results?: Readonly<Record<string, object>>;
  /** What else must hold for every instance when a history is over, by name. Pure. */
  readonly promises?: Readonly<Record<string, OwnPromise>>;
}

export interface SimulationReport {
  readonly seed: number;
  /** Schedules that were played to the end. */
  readonly schedules: number;
  readonly coverage: Coverage;
  /** The first promise that was broken, with the shortest schedule found that breaks it. */
  readonly violation?: Violation & {
    /** Which schedule it was: `from` plays it again. */
    readonly schedule: number;
    /** What happened, line by line, in the shortest one. */
    readonly trace: Trace;
  };
}

/**
 * Plays a saga against model participants, on a fake clock, in one process: messages are duplicated, lost and overtake one
 * another, processes crash between any two steps, deadlines fire early and twice, operators and callers interfere. After
 * that the world is fair, and every promise of a saga is checked.
 *
 * A saga that can be choreographed is played in both coordinations, half of the schedules in each; `coordination` keeps to one.
 *
 * Stops at the first promise that is broken. The same seed gives the same report, if the definition's own code is pure.
 *
 *     assertHolds(simulate({ definition: tripBooking, inputs: [trip], schedules: 500 }));
 *
 * @throws Error when a definition is to be choreographed that can't be
 */
export function simulate(options: SimulationOptions = {}): SimulationReport {
  const { schedules = 1_000, seed = Date.now() % 2 ** 31, from = 0, core, guards, promises } = options;
  const { coordination } = options;
  checkCoordination(options);
  const coverage = noCoverage();
  const given = givenBy(options);
  const how: HistoryOptions = {
    ...(core && { core }),
    ...(guards && { guards }),
    ...(given && { given }),
    ...(promises && { properties: propertiesOf(promises) }),
    ...(coordination && { coordination }),
  };
  for (let schedule = from; schedule < from + schedules; schedule++) {
    const tapes = tapesOf(seed, schedule);
    const violation = playHistory(tapes, { ...how, coverage });
    if (!violation) continue;
    const breaksIt = (candidate: HistoryTapes) =>
      playHistory(candidate, how)?.property === violation.property;
    const shortest = shrink(tapes, breaksIt);
    const trace: Trace = [];
    const { flaw } = playHistory(shortest, { ...how, trace }) ?? violation;
    const { property } = violation;
    return {
      seed,
      schedules: schedule - from + 1,
      coverage,
      violation: { property, flaw, schedule, trace },
    };
  }
  return { seed, schedules, coverage };
}

/** As a text for people: what is broken, how to see it again, and what happened. */
export function describeViolation({ seed, violation }: SimulationReport): string | undefined {
  if (!violation) return undefined;
  const { property, flaw, schedule, trace } = violation;
  const again = `simulate({ …, seed: ${seed}, from: ${schedule}, schedules: 1 })`;
  return [
    `Broken: ${property}`,
    flaw,
    `Seed ${seed}, schedule ${schedule}; again with ${again}:`,
    ...trace,
  ].join('\n');
}

/** Every schedule has its own numbers, so that one can be played without those before it. */
export function tapesOf(seed: number, schedule: number): HistoryTapes {
  const [length = 0, ...numbers] = randomNumbers(
    Math.imul(seed, 0x9e3779b1) + schedule,
    1 + CAST_LENGTH + LONGEST_SCHEDULE,
  );
  const end = CAST_LENGTH + (length % (LONGEST_SCHEDULE + 1));
  return { cast: numbers.slice(0, CAST_LENGTH), schedule: numbers.slice(CAST_LENGTH, end) };
}

function checkCoordination({ definition, coordination }: SimulationOptions): void {
  const flaw = definition && coordination === 'choreography' && choreographyFlaw(definition);
  if (flaw) throw new Error(`Saga ${definition.name} can't be choreographed: ${flaw}`);
}

function givenBy({ definition, inputs, results }: SimulationOptions): Given | undefined {
  if (!definition) return undefined;
  return { definition: withoutPolicies(definition), inputs: inputs ?? [{}], results: results ?? {} };
}
