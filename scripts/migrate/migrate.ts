import pg from 'pg';
import { maintenanceUrl, reasonOf } from '@clew/testing';
import { readMigrationFolder, servicesWithSchema, type MigrationFolder } from './migration-folder.js';

export interface MigrateOptions {
  /** The server; the database in its path (default `postgres`) is only used to make others. */
  readonly databaseUrl: string;
  /** What the databases' names begin with: `<namespace>_<service>`. */
  readonly namespace: string;
  /** Default: all that have a schema. */
  readonly services?: readonly string[];
  readonly log?: (line: string) => void;
}

/** What was done for one service. */
export interface MigratedService {
  readonly service: string;
  readonly database: string;
  readonly created: boolean;
  readonly applied: readonly string[];
  readonly seeded: boolean;
  readonly milliseconds: number;
}

/**
 * Brings each service's database to what this checkout needs: makes it if it's missing, applies the migrations it lacks,
 * runs the seed if it changed. The services go side by side. Two that run at once wait for each other, service by
 * service. With nothing to do it asks each database two questions.
 *
 * @throws Error naming the service that failed first; the others have been completed or have failed as well by then
 */
export async function migrate(options: MigrateOptions): Promise<MigratedService[]> {
  const { services = servicesWithSchema(), log = () => undefined } = options;
  const results = await Promise.allSettled(
    services.map(async (service) => {
      const result = await migrateService(service, options).catch((cause: unknown) => {
        throw new Error(`The database of ${service} can't be brought up to date: ${reasonOf(cause)}`, {
          cause,
        });
      });
      log(describeResult(result));
      return result;
    }),
  );
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

/** The name of a service's database. */
export function databaseName(namespace: string, service: string): string {
  return `${namespace}_${service.replaceAll('-', '_')}`;
}

/** The URL of one database on a server. */
export function urlOfDatabase(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

async function migrateService(
  service: string,
  { databaseUrl, namespace }: MigrateOptions,
): Promise<MigratedService> {
  const startedAt = performance.now();
  const folder = readMigrationFolder(service);
  const database = databaseName(namespace, service);
  return withClient(maintenanceUrl(databaseUrl), async (server) => {
    // Held by this session until it ends, so a migration that crashes can't leave it behind.
    await server.query('SELECT pg_advisory_lock(hashtext($1))', [`clew-migrate-${database}`]);
    const created = await createIfMissing(server, database);
    const url = urlOfDatabase(databaseUrl, database);
    const applied = await applyMissing(url, folder);
    const seeded = await seedIfChanged(url, database, folder);
    return {
      service,
      database,
      created,
      applied,
      seeded,
      milliseconds: Math.round(performance.now() - startedAt),
    };
  });
}

async function createIfMissing(server: pg.Client, database: string): Promise<boolean> {
  const { rowCount } = await server.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
  if (rowCount) return false;
  await server.query(`CREATE DATABASE ${pg.escapeIdentifier(database)}`);
  return true;
}

async function applyMissing(url: string, folder: MigrationFolder): Promise<string[]> {
  if (await hasAllMigrations(url, folder)) return [];
  // Loaded only when there is something to apply: compiling the engine takes longer than all the rest.
  const { applyMigrations } = await import('./schema-engine.js');
  return applyMigrations(url, folder);
}

async function hasAllMigrations(url: string, { migrations }: MigrationFolder): Promise<boolean> {
  return withClient(url, async (client) => {
    const { rows: tables } = await client.query<{ found: string | null }>(
      `SELECT to_regclass('_prisma_migrations') AS found`,
    );
    if (!tables[0]?.found) return false;
    const { rows } = await client.query<{ migration_name: string; checksum: string; finished: boolean }>(
      `SELECT migration_name, checksum, finished_at IS NOT NULL AS finished
         FROM _prisma_migrations WHERE rolled_back_at IS NULL`,
    );
    const recorded = new Map(rows.map((row) => [row.migration_name, row]));
    const allRecorded = migrations.every(
      ({ name, checksum }) => recorded.get(name)?.finished && recorded.get(name)?.checksum === checksum,
    );
    // A migration that this checkout doesn't have, or a failed one, is the engine's to complain about.
    return allRecorded && rows.length === migrations.length;
  });
}

/** Which seed a database has is written in its comment: a table of ours would look like drift to Prisma. */
async function seedIfChanged(url: string, database: string, { seed }: MigrationFolder): Promise<boolean> {
  if (!seed) return false;
  const mark = `clew seed ${seed.checksum}`;
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ comment: string | null }>(
      `SELECT shobj_description(oid, 'pg_database') AS comment FROM pg_database WHERE datname = $1`,
      [database],
    );
    if (rows[0]?.comment === mark) return false;
    await client.query('BEGIN');
    await client.query(seed.sql);
    await client.query(`COMMENT ON DATABASE ${pg.escapeIdentifier(database)} IS ${pg.escapeLiteral(mark)}`);
    await client.query('COMMIT');
    return true;
  });
}

async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    application_name: 'clew-migrate',
  });
  client.on('error', () => undefined); // The query that was running reports it.
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

function describeResult({ database, created, applied, seeded, milliseconds }: MigratedService): string {
  const done = [
    ...(created ? ['made'] : []),
    ...(applied.length > 0 ? [`applied ${applied.join(', ')}`] : []),
    ...(seeded ? ['seeded'] : []),
  ];
  return `${database}: ${done.join(', ') || 'up to date'} (${(milliseconds / 1000).toFixed(1)} s)`;
}
