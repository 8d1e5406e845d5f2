import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const patienceInMs = 120_000;

/**
 * Runs `work` while no other build of this checkout runs. A lock whose owner died is taken over.
 *
 * @template T
 * @param {string} root
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withBuildLock(root, work) {
  const lock = join(root, 'dist', '.build.lock');
  mkdirSync(join(root, 'dist'), { recursive: true });
  const giveUpAt = Date.now() + patienceInMs;
  while (!tryToTake(lock)) {
    if (Date.now() > giveUpAt) {
      throw new Error(`Another build (pid ${ownerOf(lock)}) holds ${lock}. End it, or delete that file.`);
    }
    await delay(50);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function tryToTake(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    // Builds are idempotent and write atomically, so that two which take over at once do no harm.
    if (!isAlive(ownerOf(lock))) rmSync(lock, { force: true });
    return false;
  }
}

/** The pid in the lock file; our own while the file is still empty or already gone, which reads as "alive, ask again". */
function ownerOf(lock) {
  try {
    return Number(readFileSync(lock, 'utf8')) || process.pid;
  } catch {
    return process.pid;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
