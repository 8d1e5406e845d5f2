import { join } from 'node:path';
import type { DataDirectory } from './data-directory.js';
import { docker } from './docker-engine.js';
import { freePorts } from './free-port.js';
import { repositoryRoot } from './repository-root.js';
import { foreignServer, type Server } from './server.js';

/** What differs between the two services of `docker/compose.yaml`. */
const services = {
  postgres: { name: 'PostgreSQL', port: 5432, variable: 'CLEW_POSTGRES_PORT', scheme: 'postgresql' },
  rabbitmq: { name: 'RabbitMQ', port: 5672, variable: 'CLEW_RABBITMQ_PORT', scheme: 'amqp' },
} as const;
export type ComposeService = keyof typeof services;

/**
 * Starts one service of `docker/compose.yaml`. Its data lie in a named volume. `stop` stops the container and keeps it,
 * and does nothing if it was running before us.
 */
export async function startComposeService(
  service: ComposeService,
  directory: DataDirectory,
): Promise<Server> {
  const { name, port, variable, scheme } = services[service];
  const wasRunning = (await compose(['ps', '--status', 'running', '--quiet', service])) !== '';
  if (!wasRunning) {
    const hostPort = directory.recall<number>(variable) ?? (await freePorts(1))[0]!;
    directory.remember(variable, hostPort);
    await compose(['up', '--detach', '--wait', service], { [variable]: String(hostPort) });
  }
  const address = await compose(['port', service, String(port)]);
  return foreignServer({
    name,
    kind: 'container',
    url: `${scheme}://clew:clew@${address}`,
    description: `container of docker/compose.yaml on ${address}, ${wasRunning ? 'which was running' : 'started by us'}`,
    stop: wasRunning ? undefined : async () => void (await compose(['stop', service])),
  });
}

function compose(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  return docker(['compose', '--file', join(repositoryRoot(), 'docker', 'compose.yaml'), ...args], env);
}
