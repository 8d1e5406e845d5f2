import { describeMachine } from '../measure/machine.js';
import { readOptions } from '../options.js';
import { printMachine, round } from '../report/format.js';
import { writeResults } from '../report/results-file.js';
import { MeasuredSystem } from '../system/measured-system.js';
import { startServers } from '../system/servers.js';
import { measureInTurns } from './in-turns.js';
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
    const { rounds, ratio } = await measureInTurns(systems, options);
    console.log(`With its past over without: ${round(ratio, 2)} of the rate.`);
    writeResults('history', { machine, options, ratio, rounds });
  } finally {
    for (const system of systems.values()) await system.stop();
    await servers.stop();
  }
}
