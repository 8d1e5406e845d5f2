import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { identify, type ProcessIdentity } from './process-identity.js';

export interface Leftover extends ProcessIdentity {
  readonly commandLine: string;
}

/**
 * The processes that have `text` in their command line or their environment, this one left out. Children inherit the
 * environment, so a text put there marks all descendants. Linux only: elsewhere it finds none.
 */
export function processesMentioning(text: string): Leftover[] {
  if (!existsSync('/proc/self/environ')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      const commandLine = readProc(name, 'cmdline').replaceAll('\0', ' ').trim();
      const mentions = commandLine.includes(text) || readProc(name, 'environ').includes(text);
      const identity = mentions ? identify(Number(name)) : undefined;
      return identity ? [{ ...identity, commandLine }] : [];
    });
}

/** Empty if the process has gone or belongs to someone else. */
function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
