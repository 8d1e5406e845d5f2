import { setTimeout as delay } from 'node:timers/promises';
import { isRunning, type ProcessIdentity } from './process-identity.js';

export interface EndProcessOptions {
  /** The polite signal. Default SIGTERM. */
  readonly signal?: NodeJS.Signals;
  /** How long the process may take over it, in milliseconds, before SIGKILL. Default 10,000. */
  readonly within?: number;
}

/**
 * Asks a process to end, waits for it, and kills its process group if it doesn't. Resolves once it is gone; a process
 * that had already gone is fine. Never touches another process that got the same pid.
 *
 * @returns whether it ended by itself, without SIGKILL
 */
export async function endProcess(
  identity: ProcessIdentity,
  { signal = 'SIGTERM', within = 10_000 }: EndProcessOptions = {},
): Promise<boolean> {
  sendSignal(identity, signal);
  if (await hasGone(identity, within)) return true;
  killGroup(identity);
  if (!(await hasGone(identity, 5_000))) {
    throw new Error(
      `Process ${identity.pid} survived SIGKILL. Look at it with: ps -p ${identity.pid} -o pid,stat,args`,
    );
  }
  return false;
}

/** SIGKILL for a process and the group it leads, and nothing more; doesn't wait. */
export function killGroup(identity: ProcessIdentity): void {
  if (!isRunning(identity)) return;
  try {
    process.kill(-identity.pid, 'SIGKILL');
  } catch {
    sendSignal(identity, 'SIGKILL'); // It leads no group.
  }
}

/** Waits until that process is gone, at most `within` milliseconds. */
export async function hasGone(identity: ProcessIdentity, within: number): Promise<boolean> {
  const giveUpAt = Date.now() + within;
  while (isRunning(identity)) {
    if (Date.now() >= giveUpAt) return false;
    await delay(20);
  }
  return true;
}

function sendSignal(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isRunning(identity)) return;
  try {
    process.kill(identity.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
