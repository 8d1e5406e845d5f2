import { medians } from './measure/distribution.js';
import { describeMachine } from './measure/machine.js';
import type { Measured } from './measure/measured-run.js';
import { readOptions, type Mode } from './options.js';
import { columnOf, printColumns, printMachine, round } from './report/format.js';
import { writeResults } from './report/results-file.js';
import { MeasuredSystem } from './system/measured-system.js';
import { startServers } from './system/servers.js';

/** `npm run bench`: every mode in each round, in turns, so that a noisy minute of the machine falls on all of them. */
export async function run(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  const servers = await startServers();
  try {
    const machine = await describeMachine(servers);
    printMachine(machine);
    const measured = new Map<Mode, Measured[]>(options.modes.map((mode) => [mode, []]));
    let commitDelayMs: number;
    const bench = await MeasuredSystem.start(servers, options);
    try {
      await bench.warmUp();
      commitDelayMs = await bench.commitDelay();
      for (let number = 1; number <= options.rounds; number++)
        for (const mode of options.modes) {
          const figures = await bench.measure(mode);
          measured.get(mode)!.push(figures);
          console.log(
            `Round ${number}, ${mode}: ${round(figures.sagasPerSecond, 1)} sagas/s, ` +
              `${round(figures.cost.cpuMsInAll, 3)} CPU ms a saga, slowness ${round(figures.slowness)}`,
          );
        }
    } finally {
      await bench.stop();
    }
    const middle = new Map([...measured].map(([mode, figures]) => [mode, medians(figures)]));
    printColumns(Object.fromEntries([...middle].map(([mode, figures]) => [mode, columnOf(figures)])));
    console.log(
      `An end can be seen ${round(commitDelayMs, 1)} ms after it is told to have been (docs/performance.md).`,
    );
    writeResults('bench', {
      machine,
      commitDelayMs,
      options,
      medians: Object.fromEntries(middle),
      rounds: Object.fromEntries(measured),
    });
  } finally {
    await servers.stop();
  }
}
