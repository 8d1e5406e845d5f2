import { median } from '../measure/distribution.js';
import { describeMachine } from '../measure/machine.js';
import { readOptions } from '../options.js';
import { printColumns, printMachine, round } from '../report/format.js';
import { writeResults } from '../report/results-file.js';
import { MeasuredSystem, type Drained } from '../system/measured-system.js';
import { startServers } from '../system/servers.js';

/** So patient that nobody gives up who waits in vain for as long as this takes: with what is usual, sagas would turn back. */
const PATIENCE_MS = '3600000';
const patient = () => ({ CLEW_STEP_TIMEOUT_MS: PATIENCE_MS, CLEW_STEP_MAX_TIMEOUT_MS: PATIENCE_MS });

/**
 * `npm run bench -- backlog`: bookings that were accepted while the participants were away wait for them, a hundred thousand of them, and
 * are worked off when they are back. The rate of a closed loop before each is what that is compared with.
 */
export async function backlog(args: readonly string[]): Promise<void> {
  const options = readOptions(args, { modes: 'closed', rounds: 1 });
  const servers = await startServers();
  try {
    const machine = await describeMachine(servers);
    printMachine(machine);
    const system = await MeasuredSystem.start(servers, options, patient);
    const rounds: (Drained & { readonly usualPerSecond: number })[] = [];
    try {
      await system.warmUp();
      for (let number = 1; number <= options.rounds; number++) {
        const { sagasPerSecond } = await system.measure('closed');
        rounds.push({ ...(await system.drain(options.backlog)), usualPerSecond: sagasPerSecond });
      }
    } finally {
      await system.stop();
    }
    printColumns(
      Object.fromEntries(
        rounds.map((drained, index) => [
          `round ${index + 1}`,
          {
            waiting: options.backlog,
            'accepted a second': round(drained.acceptedPerSecond, 1),
            'worked off a second': round(drained.drainedPerSecond, 1),
            'a closed loop before': round(drained.usualPerSecond, 1),
            'asked again': drained.askedAgain,
            ...Object.fromEntries(
              Object.entries(drained.mostMemory).map(([app, megabytes]) => [
                `most MB, ${app}`,
                round(megabytes),
              ]),
            ),
          },
        ]),
      ),
    );
    const ratio = median(
      rounds.map(({ drainedPerSecond, usualPerSecond }) => drainedPerSecond / usualPerSecond),
    );
    console.log(`Worked off at ${round(ratio, 2)} of the usual rate.`);
    writeResults('backlog', { machine, options, ratio, rounds });
  } finally {
    await servers.stop();
  }
}
