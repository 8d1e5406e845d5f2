import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@clew/testing';

/** Another way to book the trip, with the settings that were found to be its best. */
export interface Peer {
  readonly name: string;
  readonly title: string;
  /** Below bench/peers; has its programs, `schema.sql` and `check.sql`. */
  readonly folder: string;
  /** Programs with their arguments, by the name of the process. The last one takes the bookings. */
  readonly processes: Readonly<Record<string, readonly [program: string, ...args: string[]]>>;
  /** Besides PostgreSQL, which all of them use. */
  readonly needsRabbitmq: boolean;
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
    needsRabbitmq: true,
    bookings: 20_000,
    inFlight: 1_000,
  },
];

export const peersFolder = join(repositoryRoot(), 'bench', 'peers');

/** @throws Error that says what to run */
export function assertPeersAreInstalled(): void {
  if (!existsSync(join(peersFolder, 'node_modules')))
    throw new Error('The peers have packages of their own. Run: npm --prefix bench/peers install');
}

/** @throws Error naming the first that there isn't */
export function peersNamed(names: string): Peer[] {
  return names.split(',').map((name) => {
    const peer = PEERS.find((each) => each.name === name);
    if (!peer)
      throw new Error(
        `--peers: there is no ${name}; there are ${PEERS.map((each) => each.name).join(', ')}.`,
      );
    return peer;
  });
}
