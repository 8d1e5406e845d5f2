import { setTimeout as delay } from 'node:timers/promises';
import { tripApps } from '../../test/e2e/support/app-process.js';
import type { RunningSystem } from '../../test/e2e/support/running-system.js';
import type { Booked } from '../load/closed-loop.js';
import type { Watch } from '../load/watch.js';
import { connectTo } from '../system/bench-system.js';
import type { Servers } from '../system/servers.js';
import { percentilesOf, type Percentiles } from './distribution.js';
import { slowness } from './machine.js';
import { memoryOf, metered, type CostOfSaga } from './usage.js';

/** The figures of one run. */
export interface Measured {
  readonly sagas: number;
  readonly sagasPerSecond: number;
  /** Milliseconds until bookings were accepted, and until they had ended. */
  readonly accepted: Percentiles;
  readonly ended: Percentiles;
  readonly cost: CostOfSaga;
  /** Megabytes of each app at the end. */
  readonly memory: Readonly<Record<string, number>>;
  /** Milliseconds of a fixed piece of work beforehand. */
  readonly slowness: number;
}

export interface Parts {
  readonly system: RunningSystem;
  readonly servers: Servers;
  readonly watch: Watch;
}

/** Runs a load of so many sagas and measures it. */
export async function measuredRun(
  parts: Parts,
  sagas: number,
  run: () => Promise<Booked>,
): Promise<{ readonly measured: Measured; readonly ids: readonly string[] }> {
  await settle(parts);
  const before = slowness();
  const { result, cost } = await metered(parts, sagas, run);
  const { sentAt, acceptedAfter, seconds } = result;
  const ids = [...sentAt.keys()];
  const ends = await parts.watch.endsOf(ids);
  return {
    ids,
    measured: {
      sagas,
      sagasPerSecond: sagas / seconds,
      accepted: percentilesOf(acceptedAfter),
      ended: percentilesOf([...ends].map(([id, endedAt]) => endedAt - sentAt.get(id)!)),
      cost,
      memory: memoryOf(parts.system),
      slowness: before,
    },
  };
}

/**
 * What went before is no burden to what comes: statistics are up to date as they'd be in a database that has been in use,
 * the checkpoint that is due is done, and PostgreSQL's processes have told what they did.
 */
async function settle({ system }: Parts): Promise<void> {
  for (const app of tripApps) {
    const client = await connectTo(system, app);
    try {
      await client.query('ANALYZE');
      await client.query('CHECKPOINT').catch((error: { code?: string }) => {
        if (error.code !== '42501') throw error; // Not ours to do, on a server that was given.
      });
    } finally {
      await client.end();
    }
  }
  await delay(1_500);
}
