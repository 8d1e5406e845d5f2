import { tripApps } from '../../test/e2e/support/app-process.js';
import type { RunningSystem } from '../../test/e2e/support/running-system.js';
import type { Watch } from '../load/watch.js';
import type { Servers } from '../system/servers.js';
import { processorSecondsAlone, processorSecondsOfTree, residentMegabytes } from './process-tree.js';

/** What everything has used up to some moment; what it used between two of them is their difference. */
interface Meters {
  /** Seconds, by who took them. */
  readonly processor: Readonly<Record<string, number>>;
  readonly commits: number;
  readonly walBytes: number;
  readonly messages: number;
  readonly amqpMessages: number;
}

/** What a saga cost, on average over a run. */
export interface CostOfSaga {
  /** Milliseconds of processor time, by who took them; those of a server that wasn't started here are missing. */
  readonly cpuMs: Readonly<Record<string, number>>;
  /** Of the apps and servers; not of the load generator, which isn't part of the system. */
  readonly cpuMsInAll: number;
  readonly commits: number;
  readonly walBytes: number;
  /** Commands, replies and whatever else went through an outbox. */
  readonly messages: number;
  /** What RabbitMQ was given. */
  readonly amqpMessages: number;
}

export const LOAD_GENERATOR = 'load generator';

/** Runs something and says what each of its sagas cost. The last bookings' trailing work counts as far as it's done by its end. */
export async function metered<T>(
  parts: { readonly system: RunningSystem; readonly servers: Servers; readonly watch: Watch },
  sagas: number,
  run: () => Promise<T>,
): Promise<{ readonly result: T; readonly cost: CostOfSaga }> {
  const { system, servers, watch } = parts;
  const before = { ...(await databaseMeters(system, watch)), ...(await brokerMeters(servers)) };
  const processorBefore = processorMeters(parts);
  const result = await run();
  const processorAfter = processorMeters(parts);
  // PostgreSQL's processes tell what they did a second later at the earliest.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const after = { ...(await databaseMeters(system, watch)), ...(await brokerMeters(servers)) };
  return {
    result,
    cost: costOf({ ...before, processor: processorBefore }, { ...after, processor: processorAfter }, sagas),
  };
}

/** Megabytes that each app has in use now; of several processes of one the largest. */
export function memoryOf(system: RunningSystem): Record<string, number> {
  return Object.fromEntries(
    tripApps.map((app): [string, number] => [
      app,
      Math.max(
        ...system.processes.filter(({ name }) => name === app).map(({ pid }) => residentMegabytes(pid ?? 0)),
      ),
    ]),
  );
}

function costOf(before: Meters, after: Meters, sagas: number): CostOfSaga {
  const each = (figure: 'commits' | 'walBytes' | 'messages' | 'amqpMessages') =>
    (after[figure] - before[figure]) / sagas;
  const cpuMs = Object.fromEntries(
    Object.entries(after.processor).map(([who, seconds]) => [
      who,
      ((seconds - before.processor[who]!) * 1_000) / sagas,
    ]),
  );
  const ofSystem = Object.entries(cpuMs).filter(([who]) => who !== LOAD_GENERATOR);
  return {
    cpuMs,
    cpuMsInAll: ofSystem.reduce((sum, [, ms]) => sum + ms, 0),
    commits: each('commits'),
    walBytes: each('walBytes'),
    messages: each('messages'),
    amqpMessages: each('amqpMessages'),
  };
}

function processorMeters({
  system,
  servers: { pids },
  watch,
}: {
  readonly system: RunningSystem;
  readonly servers: Servers;
  readonly watch: Watch;
}): Record<string, number> {
  const own = process.cpuUsage();
  const watching = processorSecondsAlone(watch.serverPid);
  const ofApps = tripApps.map((app): [string, number] => [
    app,
    system.processes
      .filter(({ name }) => name === app)
      .reduce((sum, { pid }) => sum + processorSecondsOfTree(pid ?? 0), 0),
  ]);
  return {
    ...Object.fromEntries(ofApps),
    ...(pids.PostgreSQL && { PostgreSQL: processorSecondsOfTree(pids.PostgreSQL) - watching }),
    ...(pids.RabbitMQ && { RabbitMQ: processorSecondsOfTree(pids.RabbitMQ) }),
    [LOAD_GENERATOR]: (own.user + own.system) / 1_000_000 + (pids.PostgreSQL ? watching : 0),
  };
}

async function databaseMeters(
  system: RunningSystem,
  watch: Watch,
): Promise<Pick<Meters, 'commits' | 'walBytes' | 'messages'>> {
  const [row] = await system.databases.rows<{ commits: number; walBytes: number }>(
    'orchestrator',
    `SELECT sum(xact_commit)::float8 AS commits, pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 AS "walBytes"
     FROM pg_stat_database WHERE starts_with(datname, $1)`,
    `${system.namespace}_`,
  );
  const outboxes = await Promise.all(
    tripApps.map((app) =>
      system.databases.rows<{ inserted: number }>(
        app,
        `SELECT n_tup_ins::float8 AS inserted FROM pg_stat_user_tables WHERE relname = 'outbox'`,
      ),
    ),
  );
  return {
    commits: row!.commits - watch.asked,
    walBytes: row!.walBytes,
    messages: outboxes.reduce((sum, [outbox]) => sum + outbox!.inserted, 0),
  };
}

async function brokerMeters(servers: Servers): Promise<Pick<Meters, 'amqpMessages'>> {
  return { amqpMessages: (await servers.publishedMessages()) ?? NaN };
}
