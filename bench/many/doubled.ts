import { describeMachine } from '../measure/machine.js';
import { readOptions } from '../options.js';
import { printMachine, round } from '../report/format.js';
import { writeResults } from '../report/results-file.js';
import { MeasuredSystem } from '../system/measured-system.js';
import { startServers } from '../system/servers.js';
import { measureInTurns } from './in-turns.js';

/** `npm run bench -- doubled`: two processes of every app on the same databases, in turns with a system that has one of each. */
export async function doubled(args: readonly string[]): Promise<void> {
  const options = readOptions(args, { modes: 'closed' });
  const servers = await startServers();
  const systems = new Map<string, MeasuredSystem>();
  try {
    const machine = await describeMachine(servers);
    printMachine(machine);
    for (const [heading, each] of [
      ['one of each', 1],
      ['two of each', 2],
    ] as const) {
      const system = await MeasuredSystem.start(servers, {
        ...options,
        orchestrators: each,
        participants: each,
      });
      systems.set(heading, system);
      await system.warmUp();
    }
    const { rounds, ratio } = await measureInTurns(systems, options);
    console.log(`Two over one: ${round(ratio, 2)} of the rate.`);
    writeResults('doubled', { machine, options, ratio, rounds });
  } finally {
    for (const system of systems.values()) await system.stop();
    await servers.stop();
  }
}
