import { readdirSync, readFileSync } from 'node:fs';

/** Of the clock that Linux counts processor time with. */
const TICKS_A_SECOND = 100;

interface Stat {
  readonly parent: number;
  /** Ticks of its own. */
  readonly own: number;
  /** Ticks of those of its children that have ended. */
  readonly buried: number;
}

/** Seconds of processor time that one process has taken so far, whatever its children did. Linux only. */
export function processorSecondsAlone(pid: number): number {
  return (statOf(pid)?.own ?? 0) / TICKS_A_SECOND;
}

/**
 * Seconds of processor time that a process and all below it have taken so far. What ends meanwhile isn't lost: its parent
 * inherits what it took. Linux only.
 */
export function processorSecondsOfTree(root: number): number {
  const stats = new Map<number, Stat>();
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const stat = Number.isInteger(pid) ? statOf(pid) : undefined;
    if (!stat) continue;
    stats.set(pid, stat);
    children.set(stat.parent, [...(children.get(stat.parent) ?? []), pid]);
  }
  const ticksBelow = (pid: number): number => {
    const { own = 0, buried = 0 } = stats.get(pid) ?? {};
    return (children.get(pid) ?? []).reduce((sum, child) => sum + ticksBelow(child), own + buried);
  };
  return ticksBelow(root) / TICKS_A_SECOND;
}

/** Megabytes of memory that a process has in use now; 0 for one that has ended. Linux only. */
export function residentMegabytes(pid: number): number {
  try {
    const [, kilobytes = 0] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes) / 1_024;
  } catch {
    return 0;
  }
}

/** `undefined` for a process that has ended. */
function statOf(pid: number): Stat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // Behind the program's name, which may hold blanks and brackets.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = (first: number) => Number(fields[first]) + Number(fields[first + 1]);
  return { parent: Number(fields[1]), own: ticks(11), buried: ticks(13) };
}
