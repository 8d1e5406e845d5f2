import { readdirSync, readFileSync } from 'node:fs';

/** Of the clock that Linux counts processor time with. */
const TICKS_A_SECOND = 100;

/** The fields of `/proc/<pid>/stat` from the third on: those behind the program's name, which may hold blanks. */
function statOf(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** Megabytes of memory that a process has now. Linux only. */
export function residentMegabytesOf(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1_024;
}

/** Seconds of processor time that a process and those that it has started have taken so far. Linux only. */
export function processorSecondsOf(pid: number): number {
  const ticks = familyOf(pid).flatMap((member) => {
    try {
      // Its own, and those of its children that have ended.
      return statOf(member).slice(11, 15).map(Number);
    } catch {
      return []; // It has ended meanwhile.
    }
  });
  return ticks.reduce((sum, count) => sum + count, 0) / TICKS_A_SECOND;
}

/** A process and those that it has started. Linux only. */
function familyOf(pid: number): number[] {
  const children = readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && Number(statOf(Number(name))[1]) === pid;
    } catch {
      return false; // It has ended meanwhile.
    }
  });
  return [pid, ...children.map(Number)];
}

/** Sends a signal to a process and to those that it has started. */
export function signalFamily(pid: number, signal: NodeJS.Signals): void {
  for (const member of familyOf(pid)) {
    try {
      process.kill(member, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // It has ended meanwhile.
    }
  }
}
