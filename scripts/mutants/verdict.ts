import type { Expectation } from './mutant.js';
import type { SpecResult } from './run-specs.js';

export type Verdict =
  | { readonly kind: 'caught'; readonly by: readonly string[] }
  | { readonly kind: 'survived'; readonly spec: string }
  /** The result says nothing about the guard. */
  | { readonly kind: 'void'; readonly because: string };

/** Whether every spec that should miss the guard does, by a test that fails and not because nothing runs any more. */
export function judge(
  expectations: readonly Expectation[],
  results: ReadonlyMap<string, SpecResult>,
): Verdict {
  const by: string[] = [];
  for (const [{ file, works }, test = ''] of expectations) {
    const result = results.get(file);
    if (!result) return { kind: 'void', because: `${file} was not run` };
    if (result.broken !== undefined) return { kind: 'void', because: `${file} can't run: ${result.broken}` };
    const failed = result.failed.find((name) => name.includes(test));
    if (failed === undefined) return { kind: 'survived', spec: test === '' ? file : `${file}: "${test} …"` };
    if (!result.passed.some((name) => name.includes(works ?? '')))
      return {
        kind: 'void',
        because: `it breaks more than its guard: "${works ?? 'any test'}" of ${file} fails`,
      };
    by.push(`${file.slice(file.lastIndexOf('/') + 1)}: "${failed}"`);
  }
  return { kind: 'caught', by };
}

/** Why the unchanged program can't be the measure, as a sentence; `undefined` if all that is expected to fail passes. */
export function flawOf(
  expectations: readonly Expectation[],
  results: ReadonlyMap<string, SpecResult>,
): string | undefined {
  for (const [{ file, works = '' }, test = ''] of expectations) {
    const result = results.get(file);
    if (!result) return `${file} is no spec that Jest finds`;
    if (result.broken !== undefined) return `${file} can't run: ${result.broken}`;
    const expected = (name: string) => name.includes(test) || (works !== '' && name.includes(works));
    const failed = result.failed.find(expected);
    if (failed !== undefined) return `"${failed}" of ${file} fails although every guard is there`;
    for (const text of [test, works]) {
      if (!result.passed.some((name) => name.includes(text))) return `${file} has no test "${text}"`;
    }
  }
  return undefined;
}
