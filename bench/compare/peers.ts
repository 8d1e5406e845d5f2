import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '@clew/testing';
import { LOAD_GENERATOR } from '../measure/usage.js';
import { WrongOption } from '../options.js';

/** Another way to book the trip, with the settings that were found to be its best. */
export interface Peer {
  readonly name: string;
  readonly title: string;
  /** Below bench/peers; has its programs, `check.sql` and, if it needs tables, `schema.sql`. */
  readonly folder: string;
  /** Programs with their arguments, by the name of the process. The last one takes the bookings. */
  readonly processes: Readonly<Record<string, readonly [program: string, ...args: string[]]>>;
  /** What kind of queues is best for it, if it uses RabbitMQ. PostgreSQL all of them use. */
  readonly queues?: 'classic' | 'quorum';
  readonly needsRestate?: true;
  readonly bookings: number;
  readonly inFlight: number;
}

const PARTICIPANTS = ['flight', 'hotel', 'car'];

const fourProcesses = {
  ...Object.fromEntries(PARTICIPANTS.map((name) => [name, ['participant.mjs', name] as const])),
  orchestrator: ['orchestrator.mjs'] as const,
};

export const PEERS: readonly Peer[] = [
  {
    name: 'floor',
    title: 'four processes on pg and amqplib, micro-batches; no framework, HTTP, history or deadlines',
    folder: 'floor',
    processes: fourProcesses,
    queues: 'quorum',
    bookings: 20_000,
    inFlight: 1_000,
  },
  {
    name: 'hand-written',
    title: 'four processes: a Prisma transaction for each message, outboxes polled every 50 ms',
    folder: 'hand-written',
    processes: fourProcesses,
    queues: 'classic',
    bookings: 2_000,
    inFlight: 100,
  },
  {
    name: 'dbos',
    title: 'DBOS Transact: a workflow of three steps in one process',
    folder: 'dbos',
    processes: { app: ['app.mjs'] },
    bookings: 2_000,
    inFlight: 160,
  },
  {
    name: 'restate',
    title: 'Restate: a handler of three steps in one process',
    folder: 'restate',
    processes: { trip: ['service.mjs', 'alone'], [LOAD_GENERATOR]: ['client.mjs'] },
    needsRestate: true,
    bookings: 3_000,
    inFlight: 200,
  },
  {
    name: 'restate-services',
    title: 'Restate: a handler that calls three services, each a process',
    folder: 'restate',
    processes: {
      ...Object.fromEntries(PARTICIPANTS.map((name) => [name, ['service.mjs', name] as const])),
      trip: ['service.mjs', 'trip'],
      [LOAD_GENERATOR]: ['client.mjs'],
    },
    needsRestate: true,
    bookings: 2_000,
    inFlight: 100,
  },
];

export const peersFolder = join(repositoryRoot(), 'bench', 'peers');

/** @throws WrongOption that says what to run */
export function assertPeersAreInstalled(): void {
  if (!existsSync(join(peersFolder, 'node_modules')))
    throw new WrongOption('The peers have packages of their own. Run: npm --prefix bench/peers install');
}

/** Makes what a peer's programs are generated from, if it has a program for that. @throws Error when it fails */
export async function preparePeer({ folder }: Peer): Promise<void> {
  const program = join(peersFolder, folder, 'prepare.mjs');
  if (existsSync(program)) await promisify(execFile)(process.execPath, [program]);
}

/** @throws WrongOption naming the first that there isn't */
export function peersNamed(names: string): Peer[] {
  return names.split(',').map((name) => {
    const peer = PEERS.find((each) => each.name === name);
    if (!peer)
      throw new WrongOption(
        `--peers: there is no ${name}; there are ${PEERS.map((each) => each.name).join(', ')}.`,
      );
    return peer;
  });
}
