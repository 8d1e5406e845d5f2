import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import type { Profiler } from 'node:inspector';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { eventually, repositoryRoot } from '@clew/testing';
import type { AppName } from '../../test/e2e/support/app-process.js';
import { describeMachine } from '../measure/machine.js';
import { readOptions } from '../options.js';
import { columnOf, printColumns, printMachine, round } from '../report/format.js';
import { resultsFolder, writeResults } from '../report/results-file.js';
import { MeasuredSystem } from '../system/measured-system.js';
import { startServers } from '../system/servers.js';
import { summaryOf, type ProfileSummary, type Shares } from './summary.js';

const MOST_FUNCTIONS = 25;

/** `npm run bench -- profile`: the closed loop once, and where each app's processor time went meanwhile. */
export async function profile(args: readonly string[]): Promise<void> {
  const options = readOptions(args, { modes: 'closed', rounds: 1 });
  const folder = join(resultsFolder(), `profile-${Date.now()}`);
  mkdirSync(folder);
  const fileOf = (app: AppName, instance: number) => join(folder, `${app}-${instance}.cpuprofile`);
  const preload = pathToFileURL(join(repositoryRoot(), 'dist', 'bench', 'profile', 'profiled.js')).href;
  const servers = await startServers();
  try {
    const machine = await describeMachine(servers);
    printMachine(machine);
    const bench = await MeasuredSystem.start(servers, options, (app, instance) => ({
      NODE_OPTIONS: `--import ${preload}`,
      CLEW_PROFILE_FILE: fileOf(app, instance),
    }));
    try {
      await bench.warmUp();
      const measured = await bench.measure(options.modes[0]!, async (run) => {
        bench.signalApps('SIGUSR2');
        const booked = await run();
        bench.signalApps('SIGUSR2');
        return booked;
      });
      printColumns({ 'while profiled': columnOf(measured) });
      const summaries: Record<string, ProfileSummary> = {};
      for (const [app, instance] of bench.processes()) {
        const file = fileOf(app, instance);
        await eventually(() => existsSync(file), { within: 60_000, describe: `the profile of ${app}` });
        const summary = summaryOf(JSON.parse(readFileSync(file, 'utf8')) as Profiler.Profile);
        summaries[`${app} ${instance}`] = summary;
        printSummary(`${app} ${instance}`, summary, measured.sagas);
      }
      console.log(`Profiles for a debugger to open: ${relative(process.cwd(), folder)}`);
      writeResults('profile', { machine, options, measured, summaries });
    } finally {
      await bench.stop();
    }
  } finally {
    await servers.stop();
  }
}

/** Times are those of the clock: where there are fewer processors than there is work, waiting for one is in them. */
function printSummary(name: string, { busyMs, functions, packages }: ProfileSummary, sagas: number): void {
  const print = (shares: Shares) => {
    for (const [who, ms] of shares)
      console.log(
        `${`${round((100 * ms) / busyMs, 1)} %`.padStart(8)} ${String(round((1_000 * ms) / sagas)).padStart(6)} µs  ${who}`,
      );
  };
  console.log(`\n==== ${name}: ${round(busyMs / sagas, 3)} ms busy a saga; self time by package (µs a saga)`);
  print(packages.filter(([, ms]) => ms >= busyMs / 500));
  console.log(`\n==== ${name}: self time by function (µs a saga)`);
  print(functions.slice(0, MOST_FUNCTIONS));
}
