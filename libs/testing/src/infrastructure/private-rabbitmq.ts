import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import type { DataDirectory } from './data-directory.js';
import { freePorts, isPortFree } from './free-port.js';
import { PrivateProcess } from './private-process.js';
import { probeRabbitmq, untilItAnswers } from './probes.js';
import { leanServer } from './rabbitmq-lean-home.js';
import type { RabbitmqPrograms } from './rabbitmq-programs.js';
import type { Server } from './server.js';

const user = 'clew';

interface Settings {
  /** Part of where the node keeps its data, so it never changes. */
  readonly nodeName: string;
  readonly password: string;
  readonly ports: Ports;
}

interface Ports {
  readonly amqp: number;
  readonly distribution: number;
  readonly epmd: number;
}

/**
 * RabbitMQ as a process of ours: a node with a name, ports, cookie and epmd of its own, all on 127.0.0.1, its data below
 * the data directory and no plugins. Started again on the same directory it has the same queues and messages, after a
 * crash too (what was confirmed, within what RabbitMQ promises).
 */
export async function startPrivateRabbitmq(
  directory: DataDirectory,
  programs: RabbitmqPrograms,
): Promise<Server> {
  const known = directory.recall<Settings>('rabbitmq');
  const settings: Settings = {
    nodeName: known?.nodeName ?? `clew-${randomBytes(4).toString('hex')}@localhost`,
    password: known?.password ?? randomBytes(18).toString('hex'),
    ports: known && (await areFree(known.ports)) ? known.ports : await choosePorts(),
  };
  directory.remember('rabbitmq', settings);

  const home = join(directory.path, 'rabbitmq');
  writeConfiguration(home, settings);
  const env = environment(home, settings, programs);
  const epmd = new PrivateProcess(directory, {
    name: 'epmd',
    role: 'epmd',
    command: programs.epmd,
    args: ['-address', '127.0.0.1', '-port', String(settings.ports.epmd)],
    spawn: { env, cwd: home },
    logFile: join(directory.path, 'epmd.log'),
    signal: 'SIGTERM',
    patience: 2_000,
  });
  const node = new PrivateProcess(directory, {
    name: 'RabbitMQ',
    role: 'server',
    command: leanServer(programs.server, home),
    args: [],
    spawn: { env, cwd: home },
    logFile: join(directory.path, 'rabbitmq.log'),
    signal: 'SIGTERM',
    patience: 10_000,
  });

  const url = `amqp://${user}:${settings.password}@127.0.0.1:${settings.ports.amqp}`;
  const start = async () => {
    if (epmd.pid === undefined || epmd.hasEnded) epmd.spawn();
    await untilItAnswers(
      () => probePort(settings.ports.epmd),
      10_000,
      () => epmd.assertRunning(),
    );
    node.spawn();
    await untilItAnswers(
      () => probeRabbitmq(url),
      90_000,
      () => node.assertRunning(),
    );
  };
  const stop = async () => {
    await node.stop();
    await epmd.stop();
  };
  await start();
  return {
    name: 'RabbitMQ',
    kind: 'private',
    url,
    describe: () =>
      `RabbitMQ: private process ${node.pid} on 127.0.0.1:${settings.ports.amqp}, data in ${home}`,
    start,
    stop,
    kill9: () => node.kill9(),
    onUnexpectedEnd: (listener) => node.onUnexpectedEnd(listener),
  };
}

function writeConfiguration(home: string, { password, ports }: Settings): void {
  mkdirSync(home, { recursive: true });
  const lines = [
    `listeners.tcp.1 = 127.0.0.1:${ports.amqp}`,
    // Read once, when the node makes its database.
    `default_user = ${user}`,
    `default_pass = ${password}`,
    'log.file.level = info',
  ];
  writeFileSync(join(home, 'rabbitmq.conf'), `${lines.join('\n')}\n`, { mode: 0o600 });
  writeFileSync(join(home, 'enabled_plugins'), '[].\n');
}

/** All that the node reads, and nothing of a RabbitMQ that the machine may have besides. */
function environment(
  home: string,
  { nodeName, ports }: Settings,
  programs: RabbitmqPrograms,
): NodeJS.ProcessEnv {
  return {
    PATH: [dirname(programs.epmd), process.env['PATH'] ?? ''].join(':'),
    LANG: process.env['LANG'] ?? 'C.UTF-8',
    HOME: home,
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: String(ports.epmd),
    RABBITMQ_NODENAME: nodeName,
    RABBITMQ_DIST_PORT: String(ports.distribution),
    RABBITMQ_MNESIA_BASE: join(home, 'mnesia'),
    RABBITMQ_LOG_BASE: join(home, 'log'),
    RABBITMQ_CONFIG_FILE: join(home, 'rabbitmq.conf'),
    RABBITMQ_CONFIG_FILES: join(home, 'conf.d'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(home, 'advanced.config'),
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    RABBITMQ_ENABLED_PLUGINS_FILE: join(home, 'enabled_plugins'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: [
      '-kernel inet_dist_use_interface {127,0,0,1}',
      '-start_epmd false', // Ours runs already; one that the node started would outlive it.
      '+sbwt none +sbwtdcpu none +sbwtdio none', // No spinning while idle: the cores are for the apps.
      '+B i',
    ].join(' '),
    // Makes the script become the node instead of waiting for it, so that the pid we know is the node's.
    detached: 'true',
  };
}

async function choosePorts(): Promise<Ports> {
  const [amqp, distribution, epmd] = await freePorts(3);
  return { amqp: amqp!, distribution: distribution!, epmd: epmd! };
}

async function areFree(ports: Ports): Promise<boolean> {
  const free = await Promise.all(Object.values(ports).map((port) => isPortFree(port as number)));
  return free.every(Boolean);
}

function probePort(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}

/** Deletes its data and what was remembered of it. */
export function forgetPrivateRabbitmq(directory: DataDirectory): void {
  rmSync(join(directory.path, 'rabbitmq'), { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  directory.forget('rabbitmq', 'rabbitmqKind');
}
