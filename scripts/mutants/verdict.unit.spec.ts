import { describe, expect, it } from '@jest/globals';
import type { Expectation } from './mutant.js';
import type { SpecResult } from './run-specs.js';
import { flawOf, judge } from './verdict.js';

const file = 'libs/a/src/fence.int.spec.ts';
const expectations: Expectation[] = [[{ file, works: 'handles a command' }, 'answers a duplicate']];
const alive = 'the fence handles a command, and answers it';
const named = 'the fence answers a duplicate as before';
const results = (passed: string[], failed: string[], broken?: string) =>
  new Map<string, SpecResult>([[file, { passed, failed, ...(broken && { broken }) }]]);

describe('a mutant', () => {
  it('is caught by the test that was named', () => {
    expect(judge(expectations, results([alive], [named]))).toEqual({
      kind: 'caught',
      by: [`fence.int.spec.ts: "${named}"`],
    });
  });

  it('survives when that test passes, whatever else fails', () => {
    expect(judge(expectations, results([alive, named], ['the fence does something else']))).toMatchObject({
      kind: 'survived',
    });
  });

  it('survives when one of two specs does not notice', () => {
    const both: Expectation[] = [...expectations, [{ file: 'b.unit.spec.ts' }]];
    const one = results([alive], [named]).set('b.unit.spec.ts', { passed: ['b works'], failed: [] });
    expect(judge(both, one)).toMatchObject({ kind: 'survived', spec: 'b.unit.spec.ts' });
  });

  it.each([
    ['the spec does not compile', results([], [], 'Syntax Error')],
    ['nothing works any more', results([], [alive, named])],
    ['the spec was not run', new Map<string, SpecResult>()],
  ])('shows nothing when %s', (_, given) => {
    expect(judge(expectations, given)).toMatchObject({ kind: 'void' });
  });
});

describe('the program with every guard', () => {
  it('is the measure if all that is expected to fail passes', () => {
    expect(flawOf(expectations, results([alive, named], []))).toBeUndefined();
  });

  it.each([
    ['the test fails', results([alive], [named]), 'fails although every guard is there'],
    [
      'the test that should always work fails',
      results([named], [alive]),
      'fails although every guard is there',
    ],
    ['there is no such test', results([alive], []), 'has no test "answers a duplicate"'],
    ['the spec does not compile', results([], [], 'Syntax Error'), "can't run: Syntax Error"],
    ['the spec is not there', new Map<string, SpecResult>(), 'is no spec that Jest finds'],
  ])('is no measure if %s', (_, given, reason) => {
    expect(flawOf(expectations, given)).toContain(reason);
  });
});
