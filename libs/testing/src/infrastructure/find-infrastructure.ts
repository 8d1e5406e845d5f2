import { DataDirectory } from './data-directory.js';
import { findPostgres, findRabbitmq } from './find-servers.js';
import { forgetPrivatePostgres } from './private-postgres.js';
import type { Log, Server } from './server.js';

/** The two servers that every part of Clew needs. */
export interface Infrastructure {
  readonly postgres: Server;
  readonly rabbitmq: Server;
  /** URL of the PostgreSQL server, without a database. */
  readonly databaseUrl: string;
  readonly amqpUrl: string;
  /** What was found where, for people; no passwords. */
  describe(): string;
  /** Stops only what was started here. Removes the data directory unless it is persistent. May be called again. */
  stop(): Promise<void>;
}

export interface FindInfrastructureOptions {
  /** The folder for private servers, or one that is open already and stays so. */
  readonly dataDir: string | DataDirectory;
  /** Keep the data for the next start (containers: named volumes), or remove them at `stop`. */
  readonly persistent: boolean;
  readonly log?: Log;
  /** Where DATABASE_URL and AMQP_URL are read. Default: this process's environment. */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Finds PostgreSQL and RabbitMQ, starting what is needed, both at the same time. Each climbs the ladder on its own: the
 * URL if one is set, else a container, else a private process, else (RabbitMQ, as root on Debian) an installation.
 *
 * @throws FolderInUseError, GivenServerError, NoServerError, or Error with the end of a server's log. Whatever had been
 *   started by then is stopped.
 */
export async function findInfrastructure(options: FindInfrastructureOptions): Promise<Infrastructure> {
  const { dataDir, persistent, log = () => undefined, env = process.env } = options;
  const directory = typeof dataDir === 'string' ? DataDirectory.open(dataDir) : dataDir;
  const release = async () => {
    if (!persistent) {
      forgetPrivatePostgres(directory);
      directory.remove();
    } else if (typeof dataDir === 'string') {
      directory.close();
    }
  };

  await directory.endOrphans(log);
  const found = await Promise.allSettled([
    findPostgres({ directory, persistent, url: env['DATABASE_URL'], log }),
    findRabbitmq({ directory, persistent, url: env['AMQP_URL'], log }),
  ]);
  const [postgres, rabbitmq] = found;
  if (postgres.status === 'rejected' || rabbitmq.status === 'rejected') {
    await Promise.all(found.map(async (server) => server.status === 'fulfilled' && server.value.stop()));
    await directory.endOrphans(() => undefined);
    await release();
    throw found.find((server) => server.status === 'rejected')?.reason;
  }

  const servers = [postgres.value, rabbitmq.value] as const;
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await release();
  };
  return {
    postgres: servers[0],
    rabbitmq: servers[1],
    databaseUrl: servers[0].url,
    amqpUrl: servers[1].url,
    describe: () => servers.map((server) => server.describe()).join('\n'),
    stop: () => (stopped ??= stop()),
  };
}
