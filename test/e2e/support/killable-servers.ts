import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  eventually,
  findInfrastructure,
  forgetPrivatePostgres,
  openTemporaryDirectory,
  type Server,
} from '@clew/testing';
import { rabbitmqctl } from './rabbitmqctl.js';
import type { ServerUrls } from './running-system.js';

/** A PostgreSQL and a RabbitMQ that no one else uses, so that they may be killed. */
export interface KillableServers extends ServerUrls {
  readonly postgres: Server;
  readonly rabbitmq: Server;
  /** Resolves when RabbitMQ has written down that it has this queue. */
  untilQueueIsOnDisk(queue: string): Promise<void>;
  /** Runs rabbitmqctl against RabbitMQ (a second or two) and gives what it printed. */
  rabbitmqctl(...args: readonly string[]): Promise<string>;
  /** The process of PostgreSQL that has started all others: one for each connection and duty. */
  postgresPid(): number;
  /** Stops both and deletes their data. */
  stop(): Promise<void>;
}

/** Starts them as processes, whatever servers or Docker engines there are besides. */
export async function startKillableServers(): Promise<KillableServers> {
  const directory = openTemporaryDirectory();
  // The ladder stays on the rung that a persistent directory was begun with.
  directory.remember('postgresKind', 'private');
  directory.remember('rabbitmqKind', 'private');
  const servers = await findInfrastructure({ dataDir: directory, persistent: true, env: {} });
  return {
    databaseUrl: servers.databaseUrl,
    amqpUrl: servers.amqpUrl,
    postgres: servers.postgres,
    rabbitmq: servers.rabbitmq,
    untilQueueIsOnDisk: (queue) => untilQueueIsOnDisk(join(directory.path, 'rabbitmq', 'mnesia'), queue),
    rabbitmqctl: (...args) => rabbitmqctl(directory, args),
    postgresPid: () => new Map(directory.runningProcesses()).get('PostgreSQL')!.pid,
    stop: async () => {
      await servers.stop();
      forgetPrivatePostgres(directory);
      directory.remove();
    },
  };
}

/**
 * A quorum queue is on disk about a second after it was declared. Killed before that, RabbitMQ 3.10 forgets the queue,
 * and with it messages that it had confirmed: nothing that Clew could mend.
 */
async function untilQueueIsOnDisk(folder: string, queue: string): Promise<void> {
  const name = `%2F_${queue}`;
  const term = Buffer.from(`${String.fromCharCode(name.length)}${name}`); // As Erlang writes an atom.
  await eventually(
    () =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('names.dets'))
        .some((file) => readFileSync(join(folder, file)).includes(term)),
    { within: 15_000, describe: `the queue ${queue} on RabbitMQ's disk` },
  );
}
