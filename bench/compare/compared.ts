import type { Percentiles } from '../measure/distribution.js';
import type { Measured } from '../measure/measured-run.js';

/** What can be said of everyone who is compared. */
export interface Compared {
  readonly sagasPerSecond: number;
  /** Milliseconds of processor time for a saga, in all and by who took them; servers are in it. */
  readonly cpuMsInAll: number;
  readonly cpuMs: Readonly<Record<string, number>>;
  /** Milliseconds until sagas had ended. */
  readonly ended: Percentiles;
  readonly commits: number;
  readonly walBytes: number;
}

/** The same of Clew. Whoever makes its load isn't part of it; the peers' make theirs in the process that takes the bookings. */
export function comparedOf({ sagasPerSecond, cost, ended }: Measured): Compared {
  const { cpuMsInAll, cpuMs, commits, walBytes } = cost;
  return { sagasPerSecond, cpuMsInAll, cpuMs, ended, commits, walBytes };
}
