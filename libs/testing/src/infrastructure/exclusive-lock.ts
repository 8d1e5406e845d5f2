import { linkSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identify, isRunning, type ProcessIdentity } from './process-identity.js';

/** A folder is in use by a process that lives. */
export class FolderInUseError extends Error {
  readonly code = 'FOLDER_IN_USE';

  constructor(
    folder: string,
    readonly pid: number,
  ) {
    super(
      `${folder} is in use by the process ${pid}, which still runs. End it (kill ${pid}), ` +
        'or set CLEW_DATA_DIR to another folder.',
    );
  }
}

type Holder = ProcessIdentity | 'released';

/**
 * Takes `folder` for this process alone, until the returned function is called or the process dies.
 *
 * The lock is the file with the highest number. A number is never used twice and only ever follows one whose holder
 * released it or died, so of two that take over at the same moment just one succeeds.
 *
 * @throws FolderInUseError when a living process holds it
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const self = identify(process.pid);
  if (!self) throw new Error(`Can't tell when the process ${process.pid} (this one) started.`);

  for (;;) {
    const latest = highestNumber(folder);
    const holder = latest === 0 ? 'released' : readHolder(folder, latest);
    if (holder !== undefined && holder !== 'released' && isRunning(holder)) {
      throw new FolderInUseError(folder, holder.pid);
    }
    const mine = latest + 1;
    if (!create(folder, mine, self)) continue;
    if (highestNumber(folder) !== mine) {
      rmSync(lockFile(folder, mine), { force: true }); // What we had looked at was already history.
      continue;
    }
    for (const older of numbers(folder)) if (older < mine) rmSync(lockFile(folder, older), { force: true });
    return () => writeFileSync(lockFile(folder, mine), JSON.stringify('released' satisfies Holder));
  }
}

/** Makes the file with its content in one step; false if it is there already. */
function create(folder: string, number: number, holder: ProcessIdentity): boolean {
  const draft = join(folder, `lock-draft-${process.pid}`);
  writeFileSync(draft, JSON.stringify(holder satisfies Holder));
  try {
    linkSync(draft, lockFile(folder, number));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function readHolder(folder: string, number: number): Holder | undefined {
  try {
    return JSON.parse(readFileSync(lockFile(folder, number), 'utf8')) as Holder;
  } catch {
    return undefined; // Gone or torn: whoever wrote it is gone as well, or a higher number says who holds it.
  }
}

function numbers(folder: string): number[] {
  return readdirSync(folder).flatMap((name) => {
    const match = /^lock-(\d+)$/.exec(name);
    return match ? [Number(match[1])] : [];
  });
}

const highestNumber = (folder: string): number => Math.max(0, ...numbers(folder));
const lockFile = (folder: string, number: number): string => join(folder, `lock-${number}`);
