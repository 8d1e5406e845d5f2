/**
 * The promises of the saga, checked over random definitions, business answers and schedules of trouble.
 *
 * Every run has another seed and prints it. `CLEW_SEED=<seed>` repeats a run, `CLEW_SEED=<seed>:<number>` plays exactly
 * one of its schedules, `CLEW_HISTORIES=<count>` plays more of them (or fewer: then the counts aren't checked).
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Coverage } from './coverage.js';
import { PROMISES } from './history.js';
import { describeViolation, simulate, type SimulationReport } from './simulate.js';

const [givenSeed, only] = (process.env['CLEW_SEED'] ?? '').split(':');
const seed = givenSeed ? Number(givenSeed) : Date.now() % 2 ** 31;
const enough = 12_000;
const histories = only ? 1 : Number(process.env['CLEW_HISTORIES'] ?? enough);

describe('sagas in random trouble', () => {
  let report: SimulationReport;

  beforeAll(() => {
    process.stdout.write(`Sagas in random trouble: CLEW_SEED=${seed}${only ? `:${only}` : ''}\n`);
    report = simulate({ seed, schedules: histories, ...(only && { from: Number(only) }) });
  }, 300_000);

  afterAll(() => {
    process.stdout.write(
      `${JSON.stringify(report.coverage).replaceAll(/["{}]/g, '').replaceAll(',', ', ')}\n`,
    );
  });

  it.each(PROMISES)('%s', (promise) => {
    const isBroken = report.violation?.property === promise;
    expect(isBroken ? describeViolation(report) : undefined).toBeUndefined();
  });

  it(`are played ${histories} times to the end, without stopping at a broken promise`, () => {
    expect(report.coverage.histories).toBe(histories);
  });

  if (histories >= enough) {
    it('really are in every kind of trouble, often', () => {
      const seldom = Object.entries(report.coverage).filter(
        ([name, count]) => count < (LEAST[name as keyof Coverage] * histories) / 20_000,
      );
      expect(seldom).toEqual([]);
    });
  }
});

/** About half of what a run of 20,000 histories shows on average. */
const LEAST: Coverage = {
  histories: 20_000,
  choreographed: 3_300,
  completed: 6_000,
  compensated: 10_000,
  stuckByRejection: 400,
  stuckBySilence: 600,
  delivered: 250_000,
  overtaken: 50_000,
  duplicated: 18_000,
  lost: 12_000,
  forgedReplies: 5_000,
  swallowedByParticipant: 12_000,
  repeatedStarts: 5_000,
  deadlinesFired: 60_000,
  deadlinesFiredTwice: 9_000,
  deadlinesFiredWhileAnswered: 20_000,
  inputsWithoutConsequence: 70_000,
  batchesFolded: 25_000,
  compareAndSetLost: 10_000,
  deciderCrashesBeforeCommit: 18_000,
  deciderCrashesAfterCommit: 8_000,
  participantCrashesAfterCommit: 6_000,
  publishedTwice: 1_500,
  swept: 18_000,
  storedReplies: 35_000,
  tombstonesLaid: 4_000,
  tombstonesHit: 1_500,
  businessRejections: 7_000,
  leftInDoubtBySilence: 8_000,
  leftInDoubtWhenTurningBack: 5_000,
  leftInDoubtUnheard: 2_800,
  stepsParked: 5_000,
  undosAnsweredAfterParking: 3_000,
  operationsAccepted: 4_000,
  operationsWithoutConsequence: 15_000,
  stepsUnparked: 1_800,
  stepsSkippedByOperator: 200,
  stepsDoneByHand: 350,
  cancelled: 1_400,
  timedOutAsAWhole: 1_000,
  stepsSkippedByCondition: 2_000,
  bugsParked: 500,
  bugsParkedWhileAsked: 20,
  childrenStarted: 3_000,
  childrenUndone: 700,
  childrenTurnedBackAfterTheirEnd: 450,
  childrenKeptFromBeginning: 40,
  parentsAnsweredAgain: 2_000,
  locksWaitedFor: 1_000,
  lockLeasesEnded: 350,
  locksOutOfOrder: 20,
  asks: 19_000,
  neverAskedFor: 17_000,
  actionsUnheard: 6_600,
  // About ten, if any.
  factsParked: 0,
};
