import { foreignServer, withoutCredentials, type Server } from './server.js';

/** PostgreSQL in a throw-away container. */
export async function startPostgresContainer(): Promise<Server> {
  // Loaded only where an engine answers: it is heavy.
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  const container = await new PostgreSqlContainer('postgres:18')
    .withCommand(['postgres', '-c', 'max_connections=200'])
    .start();
  const url = new URL(container.getConnectionUri());
  url.protocol = 'postgresql:';
  url.pathname = '';
  return fromContainer('PostgreSQL', url.href, container);
}

/** RabbitMQ in a throw-away container. */
export async function startRabbitmqContainer(): Promise<Server> {
  const { RabbitMQContainer } = await import('@testcontainers/rabbitmq');
  const container = await new RabbitMQContainer('rabbitmq:4-management').start();
  const url = new URL(container.getAmqpUrl());
  url.username = 'guest';
  url.password = 'guest';
  return fromContainer('RabbitMQ', url.href, container);
}

function fromContainer(
  name: Server['name'],
  url: string,
  container: { getId(): string; stop(): Promise<unknown> },
): Server {
  return foreignServer({
    name,
    kind: 'container',
    url,
    description: `throw-away container ${container.getId().slice(0, 12)} on ${withoutCredentials(url)}`,
    stop: async () => void (await container.stop()),
  });
}
