import { chmodSync, mkdtempSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataDirectory } from './data-directory.js';
import { endProcess } from './end-process.js';
import { FolderInUseError } from './exclusive-lock.js';
import { processesMentioning } from './leftovers.js';
import { forgetPrivatePostgres } from './private-postgres.js';
import type { Log } from './server.js';

const prefix = 'clew-test-';

/** A data directory for one test run, in the system's folder for such things. */
export function openTemporaryDirectory(): DataDirectory {
  const path = mkdtempSync(join(tmpdir(), prefix));
  chmodSync(path, 0o755); // The user that PostgreSQL runs as has to get through.
  return DataDirectory.open(path);
}

/** Ends and deletes what test runs that were killed have left: their servers and their folders. */
export async function sweepAbandonedDirectories(log: Log): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const path = join(tmpdir(), name);
    if (!name.startsWith(prefix) || isBrandNew(path)) continue;
    let abandoned: DataDirectory;
    try {
      abandoned = DataDirectory.open(path);
    } catch (error) {
      if (error instanceof FolderInUseError) continue; // Another run is at work.
      throw error;
    }
    log(`Sweeping ${path}, which a killed test run left behind`);
    await abandoned.endOrphans(log);
    // What its tests had started carries its name, too.
    await Promise.all(processesMentioning(path).map((leftover) => endProcess(leftover)));
    forgetPrivatePostgres(abandoned);
    abandoned.remove();
  }
}

/** A folder that another run has just made and not yet locked. */
function isBrandNew(path: string): boolean {
  try {
    const isLocked = readdirSync(path).some((name) => name.startsWith('lock-'));
    return !isLocked && Date.now() - statSync(path).mtimeMs < 60_000;
  } catch {
    return true; // Its owner has just removed it.
  }
}
