import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Project } from './mutant.js';

/** What became of the tests of a file, by their full names. */
export interface SpecResult {
  readonly passed: readonly string[];
  readonly failed: readonly string[];
  /** Why the file could not be run at all. */
  readonly broken?: string;
}

export interface SpecRun {
  readonly root: string;
  readonly project: Project;
  readonly files: readonly string[];
  /** Only the tests whose full name contains one of these; all if there are none. */
  readonly tests: readonly string[];
  readonly signal: AbortSignal;
}

/** Far more than the slowest spec takes; its own timeouts come first. */
const PATIENCE_MS = 240_000;
/** How long Jest may take to stop the servers when it is interrupted. */
const STOP_WITHIN_MS = 20_000;
/** One sequence of random histories for all, so that a result can be had again. */
const SIMULATION = { CLEW_SEED: '7', CLEW_HISTORIES: '2000' };

/**
 * Runs specs in a copy of the checkout, with servers of their own, and resolves with the results by file.
 *
 * @throws Error if Jest gives no results: it can't start, or hangs beyond the timeouts of its tests
 */
export async function runSpecs(run: SpecRun): Promise<ReadonlyMap<string, SpecResult>> {
  const { root } = run;
  const report = join(root, '.mutant-report.json');
  rmSync(report, { force: true });
  const output = await runJest(run, report);
  let text: string;
  try {
    text = readFileSync(report, 'utf8');
  } catch (cause) {
    run.signal.throwIfAborted();
    throw new Error(`Jest gave no results:\n${output.slice(-4_000)}`, { cause });
  }
  const { testResults } = JSON.parse(text) as JestReport;
  return new Map(testResults.map((result) => [result.name.slice(root.length + 1), readResult(result)]));
}

interface JestReport {
  readonly testResults: readonly FileReport[];
}

interface FileReport {
  readonly name: string;
  readonly status: string;
  readonly message: string;
  readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
}

function readResult({ status, message, assertionResults }: FileReport): SpecResult {
  const namesOf = (outcome: string) =>
    assertionResults.filter((test) => test.status === outcome).map(({ fullName }) => fullName);
  const [passed, failed] = [namesOf('passed'), namesOf('failed')];
  // A file that doesn't compile or can't be imported fails without any test of it.
  return { passed, failed, ...(status === 'failed' && failed.length === 0 && { broken: message }) };
}

function runJest({ root, project, files, tests, signal }: SpecRun, report: string): Promise<string> {
  const names = tests.map((test) => test.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|');
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const child = spawn(
    process.execPath,
    [
      ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest],
      ...files,
      '--runTestsByPath',
      ...['--selectProjects', project],
      ...(names === '' ? [] : ['--testNamePattern', names]),
      ...['--json', '--outputFile', report],
      // A guard that is gone may leave a connection open that the tests know nothing of.
      '--forceExit',
      ...['--cacheDirectory', join(root, '.jest-cache')],
    ],
    // In a group of its own: Ctrl-C at the terminal reaches it through us, once.
    { cwd: root, env: { ...process.env, ...SIMULATION }, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  return new Promise((resolve, reject) => {
    let output = '';
    const hear = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-100_000));
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    let killing: NodeJS.Timeout | undefined;
    const stop = () => {
      child.kill('SIGTERM');
      killing ??= setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), STOP_WITHIN_MS);
    };
    const patience = setTimeout(stop, PATIENCE_MS);
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(patience);
      clearTimeout(killing);
      signal.removeEventListener('abort', stop);
      resolve(output);
    });
  });
}
