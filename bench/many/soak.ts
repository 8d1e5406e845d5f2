import { medians } from '../measure/distribution.js';
import { describeMachine } from '../measure/machine.js';
import { readOptions } from '../options.js';
import { percentiles, printColumns, printMachine, round, type Column } from '../report/format.js';
import { writeResults } from '../report/results-file.js';
import { MeasuredSystem, type Slice } from '../system/measured-system.js';
import { startServers } from '../system/servers.js';

const SLICE_SECONDS = 60;

/**
 * `npm run bench -- soak`: half an hour at half of what the system can do. Sagas count as old a minute after their end, so that the
 * cleaner is at work all the time: neither memory nor tables nor latencies may grow.
 */
export async function soak(args: readonly string[]): Promise<void> {
  const options = readOptions(args, { modes: 'closed' });
  const servers = await startServers();
  try {
    const machine = await describeMachine(servers);
    printMachine(machine);
    const system = await MeasuredSystem.start(servers, options);
    try {
      await system.warmUp();
      const { sagasPerSecond } = await system.measure('closed');
      const perSecond = Math.round(sagasPerSecond / 2);
      console.log(`${round(sagasPerSecond)} sagas/s in a closed loop; ${perSecond} a second from now on.`);
      const slices: Slice[] = [];
      for (let minute = 1; minute <= options.minutes; minute++) {
        const slice = await system.slice(perSecond, SLICE_SECONDS);
        slices.push(slice);
        await system.makeOld();
        console.log(`Minute ${minute}: ${JSON.stringify(columnOf(slice))}`);
      }
      await system.checkReservations();
      const thirds = thirdsOf(slices);
      printColumns(
        Object.fromEntries(Object.entries(thirds).map(([name, slice]) => [name, columnOf(slice)])),
      );
      writeResults('soak', { machine, options, perSecond, slices });
    } finally {
      await system.stop();
    }
  } finally {
    await servers.stop();
  }
}

function columnOf({ accepted, ended, memory, tables }: Slice): Column {
  return {
    'accepted, p50/p95/p99 ms': percentiles(accepted),
    'ended, p50/p95/p99 ms': percentiles(ended),
    ...Object.fromEntries(Object.entries(memory).map(([app, megabytes]) => [`MB, ${app}`, round(megabytes)])),
    "MB of Clew's tables": round(tables),
  };
}

/** Medians of the first, second and last third: what grows is the more the later. */
function thirdsOf(slices: readonly Slice[]): Record<string, Slice> {
  const size = Math.max(1, Math.floor(slices.length / 3));
  const medianOf = (from: number) => medians(slices.slice(from, from + size));
  return {
    'first third': medianOf(0),
    'second third': medianOf(Math.min(size, slices.length - 1)),
    'last third': medianOf(slices.length - size),
  };
}
