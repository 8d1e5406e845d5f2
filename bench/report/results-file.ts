import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { repositoryRoot } from '@clew/testing';

/** Where results are kept; not in the repository. */
export function resultsFolder(): string {
  const folder = join(repositoryRoot(), 'bench', 'results');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Writes what was measured, all of it, and says where. */
export function writeResults(name: string, results: object): void {
  const time = new Date().toISOString().replaceAll(':', '-').slice(0, 19);
  const file = join(resultsFolder(), `${time}-${name}.json`);
  writeFileSync(file, `${JSON.stringify(results, undefined, 2)}\n`);
  console.log(`Written to ${relative(process.cwd(), file)}`);
}
