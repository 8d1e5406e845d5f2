import { afterAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { maintenanceUrl, repositoryRoot } from '@clew/testing';
import pg from 'pg';
import { databaseName, urlOfDatabase } from './migrate.js';
import { readMigrationFolder, servicesWithSchema, type MigrationFolder } from './migration-folder.js';

const run = promisify(execFile);
const server = process.env['CLEW_TEST_DATABASE_URL']!;
const namespaces = ['once', 'twice', 'bad'].map((name) => `mig_${process.pid}_${name}`);
const [once, twice, bad] = namespaces as [string, string, string];
const services = servicesWithSchema();

afterAll(async () => {
  const databases = namespaces.flatMap((namespace) =>
    services.map((service) => databaseName(namespace, service)),
  );
  for (const database of databases) await query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
}, 60_000);

describe('the migration of the databases', () => {
  it('makes, migrates and seeds them, and has nothing to do the second time', async () => {
    const first = await migrate(once);
    expect(first).toHaveLength(services.length);
    for (const line of first) expect(line).toMatch(/^mig_\d+_once_[a-z_]+: made, applied 2\d+_init/);
    expect(first.filter((line) => line.includes('seeded'))).toHaveLength(6);

    for (const line of await migrate(once))
      expect(line).toMatch(/^mig_\d+_once_[a-z_]+: up to date \(\d\.\d s\)$/);
  }, 30_000);

  it('records what it applied as Prisma does, so that "prisma migrate deploy" may go on', async () => {
    await migrate(once, 'cars');
    const recorded = await query(
      'SELECT migration_name, checksum, applied_steps_count, logs, rolled_back_at FROM _prisma_migrations',
      databaseName(once, 'cars'),
    );
    const expected = readMigrationFolder('cars').migrations.map(({ name, sql }) => ({
      migration_name: name,
      checksum: createHash('sha256').update(sql).digest('hex'),
      applied_steps_count: 1,
      logs: null,
      rolled_back_at: null,
    }));
    expect(recorded).toEqual(expected);
  }, 30_000);

  it('is done once when two run at the same moment', async () => {
    const both = (await Promise.all([migrate(twice), migrate(twice)])).flat();
    expect(both.filter((line) => line.includes('made, applied'))).toHaveLength(services.length);
    expect(both.filter((line) => line.includes('up to date'))).toHaveLength(services.length);
  }, 30_000);

  it('says what is wrong, with exit code 1', async () => {
    await expect(migrate('Not-a-name')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('CLEW_NAMESPACE'),
    });
    await expect(migrate(bad, 'trains')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^The database of trains can't be brought up to date: There is no .*trains/,
      ),
    });
  }, 30_000);
});

describe('the schema engine', () => {
  const cars = readMigrationFolder('cars');

  it('applies a script whole: semicolons in functions, texts and comments do not cut it', async () => {
    const sql = `
      -- not the end; this goes on
      CREATE TABLE semicolons (text TEXT DEFAULT ';');
      CREATE FUNCTION half(n INT) RETURNS INT LANGUAGE plpgsql AS $$ BEGIN n := n / 2; RETURN n; END; $$;`;
    await createDatabase(databaseName(bad, 'cars'));
    const result = await inChild(
      'applyMigrations',
      databaseName(bad, 'cars'),
      withMigration(cars, '1_odd', sql),
    );
    expect(result).toEqual(['1_odd']);
    expect(await query('SELECT half(42)', databaseName(bad, 'cars'))).toEqual([{ half: 21 }]);
  }, 30_000);

  it('leaves nothing of a script that fails', async () => {
    const sql = 'CREATE TABLE before (); CREATE TABLE nonsense (column_of INT REFERENCES nowhere);';
    await createDatabase(databaseName(bad, 'hotels'));
    await expect(
      inChild('applyMigrations', databaseName(bad, 'hotels'), withMigration(cars, '1_fails', sql)),
    ).rejects.toMatchObject({ stderr: expect.stringContaining('nowhere') });
    expect(await query(`SELECT to_regclass('before') AS found`, databaseName(bad, 'hotels'))).toEqual([
      { found: null },
    ]);
  }, 30_000);

  it('finds that a schema and its migrations agree, and in what they differ', async () => {
    expect(await inChild('driftOf', 'postgres', cars)).toBe('');
    const schema = cars.schema.replace(/(model Reservation \{\n)/, '$1  colour String?\n');
    expect(schema).not.toBe(cars.schema);
    expect(await inChild('driftOf', 'postgres', { ...cars, schema })).toMatch(
      /^ALTER TABLE "reservation" ADD COLUMN\s+"colour" TEXT;$/,
    );
    const scratch = await query(
      `SELECT datname FROM pg_database WHERE datname LIKE 'prisma_migrate_shadow%'`,
    );
    expect(scratch).toEqual([]);
  }, 30_000);
});

function withMigration(folder: MigrationFolder, name: string, sql: string): MigrationFolder {
  return { ...folder, migrations: [{ name, sql, checksum: '' }] };
}

/** The lines that the program printed. */
async function migrate(namespace: string, ...only: string[]): Promise<string[]> {
  const env = { ...process.env, DATABASE_URL: server, CLEW_NAMESPACE: namespace };
  const { stdout } = await run(process.execPath, [compiled('migrate.js'), ...only], { env });
  return stdout.trim().split('\n');
}

/** In a process of its own: the engine's timer would outlive the test. */
async function inChild(
  operation: 'applyMigrations' | 'driftOf',
  database: string,
  folder: MigrationFolder,
): Promise<unknown> {
  const script = `
    const engine = await import(process.argv[1]);
    const result = await engine[process.argv[2]](process.argv[3], JSON.parse(process.argv[4]));
    console.log(JSON.stringify(result));
    process.exit(0);`;
  const args = [
    compiled('migrate/schema-engine.js'),
    operation,
    urlOfDatabase(server, database),
    JSON.stringify(folder),
  ];
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script, ...args]);
  return JSON.parse(stdout);
}

const compiled = (file: string): string => join(repositoryRoot(), 'dist', 'scripts', file);

async function createDatabase(name: string): Promise<void> {
  await query(`DROP DATABASE IF EXISTS ${name}`);
  await query(`CREATE DATABASE ${name}`);
}

async function query(sql: string, database?: string): Promise<unknown[]> {
  const url = database ? urlOfDatabase(server, database) : maintenanceUrl(server);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
