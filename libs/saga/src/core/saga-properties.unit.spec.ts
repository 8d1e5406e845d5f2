/**
 * The promises of the saga, checked over random definitions, business answers and schedules of trouble.
 *
 * Every run has another seed and prints it. `CLEW_SEED=<seed>` repeats a run, `CLEW_SEED=<seed>:<path>` plays exactly
 * one of its histories, `CLEW_HISTORIES=<count>` plays more of them (or fewer: then the counts aren't checked).
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { noCoverage, type Coverage } from './simulation/coverage.js';
import { playHistory, PROMISES, type HistoryTapes, type Violation } from './simulation/history.js';
import type { Trace } from './simulation/trace.js';

const [givenSeed, path] = (process.env['CLEW_SEED'] ?? '').split(/:(.*)/);
const seed = givenSeed ? Number(givenSeed) : Date.now() % 2 ** 31;
const enough = 20_000;
const histories = path ? 1 : Number(process.env['CLEW_HISTORIES'] ?? enough);

const tapes: fc.Arbitrary<HistoryTapes> = fc.record({
  cast: fc.array(fc.nat(65_535), { minLength: 130, maxLength: 130, size: 'max' }),
  schedule: fc.array(fc.nat(65_535), { maxLength: 600, size: 'max' }),
});

describe('sagas in random trouble', () => {
  const coverage = noCoverage();
  let broken: (Violation & { readonly report: string }) | undefined;

  beforeAll(() => {
    process.stdout.write(`Sagas in random trouble: CLEW_SEED=${seed}${path ? `:${path}` : ''}\n`);
    const details = fc.check(
      fc.property(tapes, (drawn) => playHistory(drawn, { coverage }) === undefined),
      { seed, numRuns: histories, unbiased: true, ...(path && { path, endOnFailure: true }) },
    );
    const simplest = details.counterexample?.[0];
    if (!simplest) return;
    const trace: Trace = [];
    const violation = playHistory(simplest, { trace });
    if (!violation)
      throw new Error(`Seed ${seed}: the simplest failing history passed when it was played again`);
    const again = `Play exactly this history again with CLEW_SEED=${details.seed}:${details.counterexamplePath}`;
    broken = { ...violation, report: [violation.flaw, again, ...trace].join('\n') };
  }, 300_000);

  afterAll(() => {
    process.stdout.write(`${JSON.stringify(coverage).replaceAll(/["{}]/g, '').replaceAll(',', ', ')}\n`);
  });

  it.each(PROMISES)('%s', (promise) => {
    expect(broken?.property === promise ? broken.report : undefined).toBeUndefined();
  });

  it(`are played ${histories} times to the end, without stopping at a broken promise`, () => {
    expect(coverage.histories).toBe(histories);
  });

  if (histories >= enough) {
    it('really are in every kind of trouble, often', () => {
      const seldom = Object.entries(coverage).filter(
        ([name, count]) => count < LEAST[name as keyof Coverage],
      );
      expect(seldom).toEqual([]);
    });
  }
});

/** About half of what a run of 20,000 histories shows on average. */
const LEAST: Coverage = {
  histories: enough,
  completed: 6_000,
  compensated: 10_000,
  stuckByRejection: 400,
  stuckBySilence: 1_200,
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
  orchestratorCrashesBeforeCommit: 18_000,
  orchestratorCrashesAfterCommit: 8_000,
  participantCrashesAfterCommit: 6_000,
  publishedTwice: 1_500,
  swept: 18_000,
  storedReplies: 35_000,
  tombstonesLaid: 4_000,
  tombstonesHit: 1_500,
  businessRejections: 7_000,
  leftInDoubtBySilence: 8_000,
  leftInDoubtWhenTurningBack: 5_000,
  stepsParked: 5_000,
  undosAnsweredAfterParking: 3_000,
};
