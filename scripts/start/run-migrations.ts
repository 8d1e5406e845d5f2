import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot } from '@clew/testing';
import type { LaunchOptions } from './launch-options.js';

/**
 * Brings the databases up to date, in a process of its own, as the schema engine leaves memory and a timer behind.
 *
 * @throws Error with the sentence that it failed with
 */
export function runMigrations(
  databaseUrl: string,
  namespace: string,
  { env, stop, print }: LaunchOptions,
): Promise<void> {
  const script = join(repositoryRoot(), 'dist', 'scripts', 'migrate.js');
  const childEnv = { ...env, DATABASE_URL: databaseUrl, CLEW_NAMESPACE: namespace };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [script], { env: childEnv, signal: stop }, (error, stdout, stderr) => {
      for (const line of stdout.split('\n')) if (line) print(line);
      if (error) reject(new Error(stderr.trim() || error.message, { cause: error }));
      else resolve();
    });
  });
}
