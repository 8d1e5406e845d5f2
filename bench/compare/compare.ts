import { median, medians } from '../measure/distribution.js';
import { describeMachine, slowness } from '../measure/machine.js';
import { readOptions, type BenchOptions, type Mode } from '../options.js';
import { percentiles, printColumns, printMachine, round, type Column } from '../report/format.js';
import { writeResults } from '../report/results-file.js';
import { MeasuredSystem } from '../system/measured-system.js';
import { startServers, type Servers } from '../system/servers.js';
import { comparedOf, type Compared } from './compared.js';
import { runPeer } from './peer-run.js';
import { CannotRun } from './restate-server.js';
import { assertPeersAreInstalled, PEERS, peersNamed, preparePeer } from './peers.js';

const CLEW = 'Clew';

/** Of what the sizes of the peers' runs are a share of their own. */
const USUAL_BOOKINGS = 20_000;

/** What was measured in each round. */
type Rounds = readonly ReadonlyMap<Mode, Compared>[];

/**
 * `npm run bench -- compare`: Clew and others in turns on the same servers. Rates on a shared machine move by a third from one
 * minute to the next, so what counts are the ratios within a round.
 */
export async function compare(args: readonly string[]): Promise<void> {
  const options = readOptions(
    args,
    { modes: 'closed,undone' },
    { peers: PEERS.map(({ name }) => name).join(), queues: '' },
  );
  const peers = peersNamed(options.peers);
  assertPeersAreInstalled();
  for (const peer of peers) await preparePeer(peer);

  const servers = await startServers();
  try {
    const machine = await describeMachine(servers);
    printMachine(machine);
    const shares = {
      scale: options.bookings / USUAL_BOOKINGS,
      warmUp: options['warm-up'] / USUAL_BOOKINGS,
    };
    const rounds = new Map<string, ReadonlyMap<Mode, Compared>[]>();
    const leftOut = new Map<string, string>();
    const note = (who: string, figures: ReadonlyMap<Mode, Compared>) => {
      rounds.set(who, [...(rounds.get(who) ?? []), figures]);
      for (const [mode, { sagasPerSecond, cpuMsInAll }] of figures)
        console.log(
          `${who}, ${mode}: ${round(sagasPerSecond, 1)} sagas/s, ${round(cpuMsInAll, 3)} CPU ms a saga`,
        );
    };
    for (let number = 1; number <= options.rounds; number++) {
      console.log(`Round ${number}; slowness ${round(slowness())}`);
      note(CLEW, await runClew(servers, options));
      for (const peer of peers) {
        try {
          if (!leftOut.has(peer.name))
            note(peer.name, await runPeer(peer, servers, { ...options, ...shares }));
        } catch (error) {
          if (!(error instanceof CannotRun)) throw error;
          leftOut.set(peer.name, error.message);
        }
      }
    }
    for (const mode of options.modes) printMode(rounds, mode);
    for (const [name, reason] of leftOut) console.log(`${name} was left out. ${reason}`);
    writeResults('compare', {
      machine,
      leftOut: Object.fromEntries(leftOut),
      options,
      rounds: [...rounds].map(([who, figures]) => ({
        who,
        rounds: figures.map((modes) => Object.fromEntries(modes)),
      })),
    });
  } finally {
    await servers.stop();
  }
}

/** One round of Clew: started, warmed up, measured in each mode, stopped. */
async function runClew(servers: Servers, options: BenchOptions): Promise<Map<Mode, Compared>> {
  const bench = await MeasuredSystem.start(servers, options);
  try {
    await bench.warmUp();
    const measured = new Map<Mode, Compared>();
    for (const mode of options.modes) measured.set(mode, comparedOf(await bench.measure(mode)));
    return measured;
  } finally {
    await bench.stop();
  }
}

function printMode(rounds: ReadonlyMap<string, Rounds>, mode: Mode): void {
  const clew = rounds.get(CLEW)!;
  console.log(`\n${mode}: medians, and Clew over each`);
  printColumns(
    Object.fromEntries(
      [...rounds].map(([who, figures]) => [
        who,
        { ...columnOf(figures, mode), ...ratios(clew, figures, mode) },
      ]),
    ),
  );
}

function columnOf(rounds: Rounds, mode: Mode): Column {
  const figures = medians(rounds.map((modes) => modes.get(mode)!));
  const serverAlone = (who: string) => round(figures.cpuMs[who] ?? 0, 3);
  const ofServers = ['PostgreSQL', 'RabbitMQ', 'Restate'].reduce(
    (sum, who) => sum + (figures.cpuMs[who] ?? 0),
    0,
  );
  return {
    'sagas/s': round(figures.sagasPerSecond, 1),
    'CPU ms a saga': round(figures.cpuMsInAll, 3),
    'of that RabbitMQ': serverAlone('RabbitMQ'),
    'of that PostgreSQL': serverAlone('PostgreSQL'),
    'of that Restate': serverAlone('Restate'),
    'of that the programs': round(figures.cpuMsInAll - ofServers, 3),
    'ended, p50/p95/p99 ms': percentiles(figures.ended),
    'commits a saga': round(figures.commits, 3),
    'WAL bytes a saga': round(figures.walBytes),
  };
}

/** Medians of what Clew is to another one, round by round. */
function ratios(clew: Rounds, other: Rounds, mode: Mode): Column {
  const ratio = (figure: 'sagasPerSecond' | 'cpuMsInAll') =>
    round(median(clew.map((modes, index) => modes.get(mode)![figure] / other[index]!.get(mode)![figure])), 2);
  return { 'Clew/it, sagas/s': ratio('sagasPerSecond'), 'Clew/it, CPU': ratio('cpuMsInAll') };
}
