import { median, medians } from '../measure/distribution.js';
import { describeMachine } from '../measure/machine.js';
import type { Measured } from '../measure/measured-run.js';
import { readOptions } from '../options.js';
import { columnOf, printColumns, printMachine, round } from '../report/format.js';
import { writeResults } from '../report/results-file.js';
import { MeasuredSystem } from '../system/measured-system.js';
import { startServers } from '../system/servers.js';
import { fillWithPastSagas } from './past-sagas.js';

/**
 * `npm run bench -- history`: two systems beside each other on the same servers, one of them with a past of a million sagas, measured in
 * turns. The other one stands idle meanwhile.
 */
export async function history(args: readonly string[]): Promise<void> {
  const options = readOptions(args, { modes: 'closed' });
  const servers = await startServers();
  const systems = new Map<string, MeasuredSystem>();
  try {
    const machine = await describeMachine(servers);
    printMachine(machine);
    const headings = { young: 'nothing before', old: `${options.history} sagas before` };
    for (const heading of Object.values(headings)) {
      const system = await MeasuredSystem.start(servers, options);
      systems.set(heading, system);
      await system.warmUp();
    }
    await systems.get(headings.old)!.addPast(options.history, fillWithPastSagas);
    const measured = new Map<string, Measured[]>();
    for (let number = 1; number <= options.rounds; number++)
      for (const [heading, system] of systems) {
        const figures = await system.measure(options.modes[0]!);
        measured.set(heading, [...(measured.get(heading) ?? []), figures]);
        console.log(
          `Round ${number}, ${heading}: ${round(figures.sagasPerSecond, 1)} sagas/s, ` +
            `${round(figures.cost.cpuMsInAll, 3)} CPU ms a saga`,
        );
      }
    printColumns(
      Object.fromEntries([...measured].map(([heading, rounds]) => [heading, columnOf(medians(rounds))])),
    );
    const [young, old] = [measured.get(headings.young)!, measured.get(headings.old)!];
    const ratio = median(
      old.map(({ sagasPerSecond }, index) => sagasPerSecond / young[index]!.sagasPerSecond),
    );
    console.log(`With its past over without: ${round(ratio, 2)} of the rate.`);
    writeResults('history', { machine, options, ratio, rounds: Object.fromEntries(measured) });
  } finally {
    for (const system of systems.values()) await system.stop();
    await servers.stop();
  }
}
