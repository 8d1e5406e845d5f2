/** A file of tests that misses a guard. */
export interface Spec {
  readonly file: string;
  /**
   * A test of it that passes with the guard and without: a mutant that merely breaks everything fails it, and isn't counted
   * as caught. Without it any test that passes will do.
   */
  readonly works?: string;
}

/** Which tests are expected to fail: those whose full name contains the text, or any of the file. */
export type Expectation = readonly [spec: Spec, test?: string];

/** The program with one guard less. */
export interface Mutant {
  /** The guard, in the words of docs/guarantees.md. */
  readonly guard: string;
  readonly file: string;
  /** What is the guard, exactly as it stands in the file, and only once. */
  readonly text: string;
  /** What stands there instead: code that runs, without the guard. */
  readonly without: string;
  /** All of these have to notice; cheapest first. */
  readonly noticedBy: readonly Expectation[];
}

export type Project = 'unit' | 'int' | 'e2e';

/** By the ending of its name, as in jest.config.mjs. */
export function projectOf({ file }: Spec): Project {
  const project = /\.(unit|int|e2e)\.spec\.ts$/.exec(file)?.[1];
  if (!project) throw new Error(`${file} is no spec that Jest would run`);
  return project as Project;
}

/**
 * The source without its guard.
 *
 * @throws Error unless the guard's text stands in it exactly once
 */
export function removeGuard({ guard, file, text, without }: Mutant, source: string): string {
  const times = source.split(text).length - 1;
  if (times !== 1) {
    const found = times === 0 ? 'is not found' : `stands ${times} times`;
    throw new Error(
      `The mutant "${guard}" has outlived its guard: its text ${found} in ${file}. Mend the table in scripts/mutants/`,
    );
  }
  // A function, as a replacement text may contain $1.
  return source.replace(text, () => without);
}
