import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as engineBindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import type { MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { maintenanceUrl } from '@clew/testing';
import type { MigrationFolder } from './migration-folder.js';
import { schemaAdapterFactory } from './schema-adapter.js';

// Node has it; the types of Node 20 and the language's own library don't.
declare const WebAssembly: {
  instantiate(
    code: Uint8Array,
    imports: object,
  ): Promise<{ instance: { exports: { __wbindgen_start(): void } } }>;
};

const filters = { externalTables: [], externalEnums: [] };

/**
 * Applies what the database lacks, as `prisma migrate deploy` does and with the same `_prisma_migrations` table, so that
 * either may go on where the other stopped. It's Prisma's own engine as WebAssembly: no binary has to be downloaded.
 *
 * The engine leaves a timer of ten seconds behind: exit the process explicitly.
 *
 * @returns the names of the migrations that were applied
 */
export async function applyMigrations(databaseUrl: string, folder: MigrationFolder): Promise<string[]> {
  return withEngine(databaseUrl, folder, async (engine) => {
    const { appliedMigrationNames } = await engine.applyMigrations({
      migrationsList: listOf(folder),
      filters,
    });
    return appliedMigrationNames;
  });
}

/**
 * The SQL that would bring a database made by the migrations to what `schema.prisma` says; empty if they agree.
 *
 * @param databaseUrl a server on which the engine may make a scratch database, to play the migrations in
 */
export async function driftOf(databaseUrl: string, folder: MigrationFolder): Promise<string> {
  return withEngine(databaseUrl, folder, async (engine) => {
    const { stdout } = await engine.diff({
      from: { tag: 'migrations', ...listOf(folder) },
      to: { tag: 'schemaDatamodel', files: [{ path: folder.schemaFile, content: folder.schema }] },
      script: true,
      exitCode: false,
      filters,
    });
    return withoutComments(stdout ?? '');
  });
}

async function withEngine<T>(
  databaseUrl: string,
  folder: MigrationFolder,
  use: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  const factory = bindMigrationAwareSqlAdapterFactory(schemaAdapterFactory(maintenanceUrl(databaseUrl)));
  await loadEngine();
  const engine = await engineBindings.SchemaEngine.new(
    { datamodels: [[folder.schemaFile, folder.schema]] },
    () => undefined,
    factory,
  );
  try {
    return await use(engine);
  } finally {
    engine.free();
  }
}

let loading: Promise<void> | undefined;

/**
 * Does what the package's own entry does with `import … from './schema_engine_bg.wasm'`, which Node 20 and 22 know only
 * behind a flag.
 */
function loadEngine(): Promise<void> {
  return (loading ??= (async () => {
    const bindings = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
    const code = readFileSync(join(dirname(bindings), 'schema_engine_bg.wasm'));
    const { instance } = await WebAssembly.instantiate(code, { './schema_engine_bg.js': engineBindings });
    // Where the engine leaves its last words before it aborts.
    Object.assign(globalThis, {
      PRISMA_WASM_PANIC_REGISTRY: { set_message: (text: string) => console.error(text) },
    });
    engineBindings.__wbg_set_wasm(instance.exports);
    instance.exports.__wbindgen_start();
  })());
}

function listOf(folder: MigrationFolder): MigrationList {
  return {
    baseDir: join(folder.path, 'migrations'),
    lockfile: { path: 'migration_lock.toml', content: folder.lockfile },
    shadowDbInitScript: '',
    migrationDirectories: folder.migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
    })),
  };
}

function withoutComments(sql: string): string {
  return sql
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('--'))
    .join('\n');
}
