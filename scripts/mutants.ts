/**
 * Takes every guard away, one at a time, and checks that a test misses it (docs/guarantees.md).
 *
 *   npm run mutants -- [--only <text>] [--list]
 *
 * Works on a copy of the checkout in a temporary folder, each run of specs with servers of its own. Exit code 1 if a mutant
 * survives, or can't be judged.
 */
import { parseArgs } from 'node:util';
import { repositoryRoot } from '@clew/testing';
import { projectOf, type Expectation, type Mutant, type Project } from './mutants/mutant.js';
import { MUTANTS } from './mutants/mutants.js';
import { runSpecs, type SpecResult } from './mutants/run-specs.js';
import { flawOf, judge } from './mutants/verdict.js';
import { WorkingCopy } from './mutants/working-copy.js';

const PROJECTS: readonly Project[] = ['unit', 'int', 'e2e'];

const { only, list } = readArguments();
const chosen = MUTANTS.filter(({ guard, file }) => `${guard} ${file}`.toLowerCase().includes(only));
if (chosen.length === 0) {
  console.error(`No mutant is about "${only}"; --list shows all.`);
  process.exit(2);
}
if (list) for (const { guard, file } of chosen) console.log(`${guard} (${file})`);
else process.exitCode = await main(chosen);

async function main(mutants: readonly Mutant[]): Promise<number> {
  const stop = new AbortController();
  // Ctrl-C comes twice, from the terminal and from npm. The second is the same wish.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
  const copy = WorkingCopy.of(repositoryRoot());
  try {
    return await tryAll(mutants, copy, stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) console.error(error instanceof Error ? error.message : error);
    return stop.signal.aborted ? 130 : 1;
  } finally {
    copy.remove();
  }
}

async function tryAll(mutants: readonly Mutant[], copy: WorkingCopy, signal: AbortSignal): Promise<number> {
  const startedAt = performance.now();
  const expectations = mutants.flatMap(({ noticedBy }) => noticedBy);
  const flaw = flawOf(expectations, await run(expectations, copy.root, signal));
  if (flaw) throw new Error(`Nothing can be shown: ${flaw}`);
  console.log(`With every guard in place all tests pass (${since(startedAt)})`);

  const uncaught: string[] = [];
  for (const mutant of mutants) {
    const line = await tryOne(mutant, copy, signal);
    console.log(`${line.isCaught ? '  ' : '✗ '}${mutant.guard}: ${line.text}`);
    if (!line.isCaught) uncaught.push(mutant.guard);
  }
  const caught = mutants.length - uncaught.length;
  console.log(`${caught} of ${mutants.length} mutants caught in ${since(startedAt)}`);
  for (const guard of uncaught) console.log(`Not caught: ${guard}`);
  return uncaught.length > 0 ? 1 : 0;
}

async function tryOne(mutant: Mutant, copy: WorkingCopy, signal: AbortSignal) {
  const startedAt = performance.now();
  copy.apply(mutant);
  try {
    const results = await run(mutant.noticedBy, copy.root, signal);
    const verdict = judge(mutant.noticedBy, results);
    switch (verdict.kind) {
      case 'caught':
        return { isCaught: true, text: `caught in ${since(startedAt)} by ${verdict.by.join(' and ')}` };
      case 'survived':
        return { isCaught: false, text: `SURVIVED ${verdict.spec} (${since(startedAt)})` };
      case 'void':
        return { isCaught: false, text: `shows nothing, as ${verdict.because} (${since(startedAt)})` };
    }
  } catch (error) {
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    return { isCaught: false, text: `shows nothing: ${reason}` };
  } finally {
    copy.restore();
  }
}

/** The specs of the expectations, cheapest first. Unit specs are run whole, of others only the tests that are named. */
async function run(
  expectations: readonly Expectation[],
  root: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, SpecResult>> {
  const results = new Map<string, SpecResult>();
  for (const project of PROJECTS) {
    const ours = expectations.filter(([spec]) => projectOf(spec) === project);
    if (ours.length === 0) continue;
    signal.throwIfAborted();
    const files = [...new Set(ours.map(([{ file }]) => file))];
    const named = ours.flatMap(([{ works }, test]) => [works, test]).filter((name) => name !== undefined);
    const tests = project === 'unit' ? [] : [...new Set(named)];
    for (const [file, result] of await runSpecs({ root, project, files, tests, signal }))
      results.set(file, result);
  }
  return results;
}

function since(startedAt: number): string {
  return `${Math.round((performance.now() - startedAt) / 1_000)} s`;
}

function readArguments() {
  const { values } = parseArgs({
    options: { only: { type: 'string', default: '' }, list: { type: 'boolean', default: false } },
  });
  return { ...values, only: values.only.toLowerCase() };
}
