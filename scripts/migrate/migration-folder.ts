import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@clew/testing';

/** One `prisma/<service>/migrations/<name>/migration.sql`. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
  /** As Prisma records it. */
  readonly checksum: string;
}

/** What one service brings along in `prisma/<service>`. */
export interface MigrationFolder {
  readonly path: string;
  readonly schemaFile: string;
  readonly schema: string;
  /** In the order in which they are applied. */
  readonly migrations: readonly Migration[];
  /** `migration_lock.toml`, which Prisma keeps beside the migrations. */
  readonly lockfile: string | null;
  /** `seed.sql`: may be run any number of times. */
  readonly seed: { readonly sql: string; readonly checksum: string } | undefined;
}

/** The services that have a schema. */
export function servicesWithSchema(): string[] {
  const prisma = join(repositoryRoot(), 'prisma');
  return readdirSync(prisma)
    .filter((service) => existsSync(join(prisma, service, 'schema.prisma')))
    .sort();
}

/** @throws Error with a sentence if the service has no schema */
export function readMigrationFolder(service: string): MigrationFolder {
  const path = join(repositoryRoot(), 'prisma', service);
  const schemaFile = join(path, 'schema.prisma');
  if (!existsSync(schemaFile)) {
    throw new Error(`There is no ${schemaFile}. The services are: ${servicesWithSchema().join(', ')}.`);
  }
  const seed = readIfThere(join(path, 'seed.sql'));
  return {
    path,
    schemaFile,
    schema: readFileSync(schemaFile, 'utf8'),
    migrations: readMigrations(join(path, 'migrations')),
    lockfile: readIfThere(join(path, 'migrations', 'migration_lock.toml')) ?? null,
    seed: seed === undefined ? undefined : { sql: seed, checksum: checksumOf(seed) },
  };
}

function readMigrations(folder: string): Migration[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const sql = readFileSync(join(folder, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: checksumOf(sql) };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readIfThere(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function checksumOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
