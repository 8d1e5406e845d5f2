/**
 * Builds what is stale, and only that: Prisma clients into `apps/<service>/src/database/client`, then every
 * TypeScript source into `dist`. Plain JavaScript, so that a fresh checkout can run it after `npm ci`.
 *
 * Guarantees: afterwards `dist` matches the sources (outputs of deleted sources are gone); two builds at once wait for
 * each other; a file is replaced whole or not at all, so a program that is reading `dist` never sees half a file.
 * Not promised: types. `npm run typecheck` does that.
 *
 *   node scripts/build.mjs [--force]
 */
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';
import { compileSources } from './build/compile-sources.mjs';
import { generatePrismaClients } from './build/prisma-clients.mjs';
import { withBuildLock } from './build/build-lock.mjs';

const repositoryRoot = resolve(import.meta.dirname, '..');

/**
 * @param {{ root?: string, force?: boolean, log?: (line: string) => void, signal?: AbortSignal }} [options]
 * @returns {Promise<{ clients: string[], compiled: number, removed: number, milliseconds: number }>} what was done
 * @throws Error with a sentence that names the file, when a schema or a source can't be built
 */
export async function build({ root = repositoryRoot, force = false, log = console.log, signal } = {}) {
  const startedAt = performance.now();
  const since = (from) => `${((performance.now() - from) / 1000).toFixed(1)} s`;

  return withBuildLock(root, async () => {
    const clients = await generatePrismaClients({ root, force, signal });
    if (clients.length > 0) log(`Built the Prisma clients of ${clients.join(', ')} (${since(startedAt)})`);

    signal?.throwIfAborted();
    const compileStartedAt = performance.now();
    const { compiled, removed } = await compileSources({ root, force });
    if (compiled + removed > 0) {
      const removal = removed > 0 ? `, removed ${removed} that had no source any more` : '';
      log(`Compiled ${compiled} files${removal} (${since(compileStartedAt)})`);
    }
    if (clients.length + compiled + removed === 0) log(`The build is up to date (${since(startedAt)})`);
    return { clients, compiled, removed, milliseconds: Math.round(performance.now() - startedAt) };
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const unknown = process.argv.slice(2).filter((argument) => argument !== '--force');
  if (unknown.length > 0) {
    console.error(`Unknown argument ${unknown[0]}. Usage: node scripts/build.mjs [--force]`);
    process.exit(2);
  }
  try {
    await build({ force: process.argv.includes('--force') });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
