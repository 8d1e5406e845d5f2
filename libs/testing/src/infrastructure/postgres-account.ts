import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { Log } from './server.js';

const run = promisify(execFile);

/** The user and group a process runs as. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Whom PostgreSQL has to run as: undefined (ourselves) unless we are root, which it refuses. Then it is the system user
 * `postgres`, made if there is none.
 */
export async function postgresAccount(log: Log): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const existing = await findAccount('postgres');
  if (existing) return existing;
  await run('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--shell',
    '/bin/false',
    'postgres',
  ]).catch((cause: unknown) => {
    throw new Error(
      'PostgreSQL refuses to run as root, and the system user "postgres" can\'t be made. Make it, or run Clew as an ordinary user.',
      { cause },
    );
  });
  log('Made the system user "postgres", as PostgreSQL refuses to run as root');
  const made = await findAccount('postgres');
  if (!made)
    throw new Error('useradd succeeded, yet there is no user "postgres". Run Clew as an ordinary user.');
  return made;
}

async function findAccount(name: string): Promise<Account | undefined> {
  try {
    const [uid, gid] = await Promise.all(
      ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, name])).stdout.trim())),
    );
    return { uid: uid!, gid: gid! };
  } catch {
    return undefined;
  }
}

/** The first folder on the way down to `path` (or `path` itself) that the account may not pass; undefined if all let it. */
export function closedFolderAbove(path: string, account: Account): string | undefined {
  const parent = dirname(path);
  const above = parent === path ? undefined : closedFolderAbove(parent, account);
  if (above) return above;
  const { mode, uid, gid } = statSync(path);
  const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
  return (mode & bit) === 0 ? path : undefined;
}
