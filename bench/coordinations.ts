/**
 * Orchestration and choreography side by side: the same bookings, in turns, on the same running system.
 *
 *   npm run bench:coordinations -- [--bookings 1000] [--rounds 4] [--at-once 50]
 *
 * Prints for each: sagas a second, how long a booking took from its acceptance to its end (as the gateway shows it; and one at
 * a time, without load), CPU of all apps for a saga, and messages for a saga that goes well and for one that is refused. Only the
 * ratios within one run say something; absolute figures are the machine's.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { connect } from 'amqplib';
import { exchangeOf, topicExchangeOf } from '@clew/rabbitmq';
import { eventually, findInfrastructure, openTemporaryDirectory } from '@clew/testing';
import { RunningSystem } from '../test/e2e/support/running-system.js';
import { trip, type Coordination, type Trip, type TripChanges } from '../test/e2e/support/trip.js';

const COORDINATIONS: readonly Coordination[] = ['orchestration', 'choreography'];
const LOCATIONS = ['AMS', 'BER', 'CDG', 'IST', 'JFK', 'LHR', 'MAD', 'SVO', 'TBS', 'YYZ'];
const TICKS_PER_SECOND = 100;

interface Round {
  readonly perSecond: number;
  readonly cpuMs: number;
  /** Milliseconds, sorted. */
  readonly latencies: readonly number[];
}

const { values } = parseArgs({
  options: {
    bookings: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '4' },
    'at-once': { type: 'string', default: '50' },
  },
});
const [bookings, rounds, atOnce] = [values.bookings, values.rounds, values['at-once']].map(Number) as [
  number,
  number,
  number,
];
if (![bookings, rounds, atOnce].every((value) => Number.isInteger(value) && value > 0)) {
  console.error('--bookings, --rounds and --at-once must be whole numbers from 1.');
  process.exit(2);
}

const servers = await findInfrastructure({ dataDir: openTemporaryDirectory(), persistent: false });
try {
  const system = await RunningSystem.start({ servers });
  try {
    await measure(system);
  } finally {
    await system.stop();
  }
} finally {
  await servers.stop();
}

async function measure(system: RunningSystem): Promise<void> {
  for (const coordination of COORDINATIONS) await play(system, coordination, 0, Math.min(bookings, 300));
  const played = new Map<Coordination, Round[]>(COORDINATIONS.map((coordination) => [coordination, []]));
  for (let round = 1; round <= rounds; round++)
    for (const coordination of round % 2 ? COORDINATIONS : [...COORDINATIONS].reverse()) {
      const result = await play(system, coordination, round, bookings);
      played.get(coordination)!.push(result);
      console.log(`${coordination}, round ${round}: ${result.perSecond.toFixed(0)} a second`);
    }
  const quiet = new Map<Coordination, number[]>();
  for (const coordination of COORDINATIONS) quiet.set(coordination, await oneByOne(system, coordination, 60));

  console.table(
    Object.fromEntries(
      await Promise.all(
        COORDINATIONS.map(async (coordination) => {
          const results = played.get(coordination)!;
          const latencies = results.flatMap((result) => result.latencies).sort((a, b) => a - b);
          return [
            coordination,
            {
              'sagas/s': Math.round(median(results.map(({ perSecond }) => perSecond))),
              'CPU ms/saga': Number(median(results.map(({ cpuMs }) => cpuMs)).toFixed(2)),
              'p50 ms under load': at(latencies, 0.5),
              'p99 ms under load': at(latencies, 0.99),
              'p50 ms alone': at(quiet.get(coordination)!, 0.5),
              'messages, completed': await messagesOf(system, coordination, {}),
              'messages, hotel refused': await messagesOf(system, coordination, {
                hotel: { hotelId: 'GRAND-FULL' },
              }),
            },
          ] as const;
        }),
      ),
    ),
  );
}

/** Books so many trips, so many requests at a time, and waits for the end of all. */
async function play(
  system: RunningSystem,
  coordination: Coordination,
  round: number,
  count: number,
): Promise<Round> {
  const cpuBefore = cpuSeconds(system);
  const startedAt = performance.now();
  const ids: string[] = [];
  let next = 0;
  const worker = async () => {
    for (let n = next++; n < count; n = next++)
      ids.push((await system.gateway().book(tripNumber(n, round, coordination))).id);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  await eventually(async () => (await underWay(system)) === 0, {
    within: 120_000,
    every: 20,
    describe: 'the end of the round',
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpuMs = ((cpuSeconds(system) - cpuBefore) * 1_000) / count;
  return { perSecond: count / seconds, cpuMs, latencies: await latenciesOf(system, ids) };
}

async function oneByOne(system: RunningSystem, coordination: Coordination, count: number): Promise<number[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n++)
    ids.push((await system.gateway().bookAndWait(tripNumber(n, 0, coordination))).id);
  return latenciesOf(system, ids);
}

/** Milliseconds from acceptance to end, by the gateway's database, sorted. */
async function latenciesOf(system: RunningSystem, ids: readonly string[]): Promise<number[]> {
  const rows = await system.databases.rows<{ ms: number }>(
    'orchestrator',
    `SELECT extract(epoch FROM ended_at - created_at)::float * 1000 AS ms FROM saga_instance
     WHERE id = ANY($1::uuid[]) ORDER BY 1`,
    ids,
  );
  return rows.map(({ ms }) => Math.round(ms));
}

async function underWay(system: RunningSystem): Promise<number> {
  const [row] = await system.databases.rows<{ count: number }>(
    'orchestrator',
    `SELECT count(*)::int AS count FROM saga_instance WHERE status IN ('RUNNING', 'COMPENSATING', 'STUCK')`,
  );
  return row!.count;
}

/** How many messages are published for one booking, from its start to its end. */
async function messagesOf(
  system: RunningSystem,
  coordination: Coordination,
  changes: TripChanges,
): Promise<number> {
  const connection = await connect(system.servers.amqpUrl);
  try {
    const seen: unknown[] = [];
    const channel = await connection.createChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    for (const name of system.queues) await channel.bindQueue(queue, exchangeOf(system), name);
    await channel.bindQueue(queue, topicExchangeOf(system), '#');
    await channel.consume(queue, (message) => seen.push(message?.properties.correlationId), { noAck: true });
    const { id } = await system.gateway().bookAndWait(trip({ ...changes, coordination }));
    // What was published last is told last: the copy of the end has come once another booking's are here.
    await system.gateway().bookAndWait(trip({ coordination }));
    return seen.filter((saga) => saga === id).length;
  } finally {
    await connection.close();
  }
}

function tripNumber(n: number, round: number, coordination: Coordination): Trip {
  const month = String(1 + (round % 12)).padStart(2, '0');
  const year = coordination === 'orchestration' ? 2027 : 2028;
  const day = 1 + (Math.floor(n / 150) % 20);
  const from = `${year}-${month}-${String(day).padStart(2, '0')}`;
  const to = `${year}-${month}-${String(day + 1).padStart(2, '0')}`;
  return trip({
    flight: { flightNumber: `CL1${String(n % 50).padStart(2, '0')}`, date: from },
    hotel: { hotelId: `HOTEL-${1 + (n % 50)}`, checkIn: from, checkOut: to },
    car: { location: LOCATIONS[n % 10]!, pickUp: from, dropOff: from },
    coordination,
  });
}

/** User and system time of all apps so far; Linux only. */
function cpuSeconds(system: RunningSystem): number {
  const ticks = system.pids().map((pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return Number(fields[11]) + Number(fields[12]);
  });
  return ticks.reduce((sum, own) => sum + own, 0) / TICKS_PER_SECOND;
}

function median(figures: readonly number[]): number {
  return at(
    [...figures].sort((a, b) => a - b),
    0.5,
  );
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
