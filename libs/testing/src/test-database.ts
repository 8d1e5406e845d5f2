import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { repositoryRoot } from './infrastructure/repository-root.js';

export interface TestDatabase {
  /** Connection URL. */
  readonly url: string;
  /** Removes it, open connections included. */
  drop(): Promise<void>;
}

/**
 * A fresh database for one spec, with a service's migrations applied and, where asked for, its seed, on the PostgreSQL
 * of the test run.
 */
export async function createTestDatabase(
  service: string,
  { seed = false }: { readonly seed?: boolean } = {},
): Promise<TestDatabase> {
  const server = process.env.CLEW_TEST_DATABASE_URL;
  if (!server)
    throw new Error('CLEW_TEST_DATABASE_URL is not set: run the spec through Jest, which starts the servers');
  const name = `clew_test_${randomBytes(6).toString('hex')}_${service.replaceAll('-', '_')}`;
  const url = onServer(server, name);
  const maintenance = onServer(server, 'postgres');
  await run(maintenance, `CREATE DATABASE "${name}"`);
  const folder = join(repositoryRoot(), 'prisma', service);
  const migrations = (await readdir(join(folder, 'migrations'), { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  for (const migration of migrations) {
    await run(url, await readFile(join(folder, 'migrations', migration, 'migration.sql'), 'utf8'));
  }
  if (seed) await run(url, await readFile(join(folder, 'seed.sql'), 'utf8'));
  return { url, drop: () => run(maintenance, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`) };
}

function onServer(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

async function run(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
