import { expect } from '@jest/globals';
import type { RunningSystem } from '../running-system.js';
import { fuzz, type FuzzOptions, type FuzzReport } from './fuzz.js';

/**
 * Sends odd requests, and expects of the system that it answers each as documented, lives on, and has begun what it said
 * that it had, and nothing else.
 */
export async function expectWithstood(system: RunningSystem, options: FuzzOptions): Promise<FuzzReport> {
  const begunIn = async () => {
    const sql = 'SELECT id FROM saga_instance WHERE parent_id IS NULL';
    return (await system.databases.rows<{ id: string }>('orchestrator', sql)).map(({ id }) => id);
  };
  const pids = system.pids();
  const before = new Set(await begunIn());
  const report = await fuzz(system, options);
  process.stdout.write(
    `Seed ${options.seed} (CLEW_FUZZ_SEED): ${options.requests} requests, ${JSON.stringify(report.statuses)}, ${report.begun.size} sagas\n`,
  );
  expect(report.faults).toEqual([]);
  expect(system.pids()).toEqual(pids);
  const after = (await begunIn()).filter((id) => !before.has(id));
  expect(after.sort()).toEqual([...report.begun].sort());
  return report;
}

/** That of the environment, or any. */
export function fuzzSeed(): number {
  return Number(process.env['CLEW_FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
}
