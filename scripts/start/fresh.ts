import pg from 'pg';
import { commandQueueOf, factQueueOf, journalQueueOf, ownerQueueOf, replyQueueOf } from '@clew/envelope';
import {
  forgetPrivatePostgres,
  forgetPrivateRabbitmq,
  maintenanceUrl,
  type DataDirectory,
  type Server,
} from '@clew/testing';
import { databaseName } from '../migrate/migrate.js';
import { servicesWithSchema } from '../migrate/migration-folder.js';
import type { Config } from './config.js';

type Print = (line: string) => void;

/** Deletes what private servers have stored; leaves it alone where a URL says that another server is used. */
export function forgetPrivateServers(directory: DataDirectory, config: Config, print: Print): void {
  if (!config.databaseUrl) forgetPrivatePostgres(directory);
  if (!config.amqpUrl) forgetPrivateRabbitmq(directory);
  if (!config.databaseUrl || !config.amqpUrl)
    print(`Deleted what earlier runs had stored in ${directory.path}`);
}

/** Drops the databases of our services, and no others. */
export async function forgetDatabases(server: Server, namespace: string, print: Print): Promise<void> {
  if (server.kind === 'private') return; // Its whole cluster is new.
  const names = servicesWithSchema().map((service) => databaseName(namespace, service));
  const client = new pg.Client({ connectionString: maintenanceUrl(server.url) });
  client.on('error', () => undefined);
  await client.connect();
  try {
    for (const name of names)
      await client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
  } finally {
    await client.end();
  }
  print(`Dropped the databases ${names.join(', ')}`);
}

/** Deletes the namespace's exchanges and queues, with all messages in them, and no others. */
export async function forgetBroker(server: Server, namespace: string, print: Print): Promise<void> {
  if (server.kind === 'private') return;
  const { deleteTopology } = await import('@clew/rabbitmq');
  const queues = servicesWithSchema().flatMap(queuesOf);
  await deleteTopology(server.url, { namespace, queues });
  print(`Deleted the exchanges and queues of ${namespace}`);
}

/** Whatever a service may take; asking to delete one that isn't there does nothing. */
function queuesOf(service: string): string[] {
  return [commandQueueOf, replyQueueOf, factQueueOf, ownerQueueOf, journalQueueOf].map((queueOf) =>
    queueOf(service),
  );
}
