import { randomUUID } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlResultSet,
} from '@prisma/driver-adapter-utils';
import { maintenanceUrl } from '@clew/testing';
import pg from 'pg';

/**
 * The way of Prisma's schema engine to PostgreSQL: `@prisma/adapter-pg`, mended where it can't carry migrations.
 *
 * - A script goes to the server whole, and so succeeds or fails whole. The adapter cuts it at every semicolon, those in
 *   comments, texts and functions included, and leaves half of it behind when a piece fails.
 * - An empty value of the type "char" is a character, as the engine expects when it describes a schema.
 * - The scratch database (Prisma's "shadow database") is really another one, and is dropped at the end.
 */
export function schemaAdapterFactory(url: string): SqlMigrationAwareDriverAdapterFactory {
  return {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: async () => mend(await connectTo(url)),
    connectToShadowDb: () => connectToScratchDatabase(url),
  };
}

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>;

function connectTo(connectionString: string): Promise<Adapter> {
  return new PrismaPg({ connectionString }).connect();
}

function mend(adapter: Adapter): SqlDriverAdapter {
  const queryRaw = adapter.queryRaw.bind(adapter);
  return Object.assign(adapter, {
    queryRaw: async (query: Parameters<Adapter['queryRaw']>[0]) => withCharacters(await queryRaw(query)),
    executeScript: async (sql: string) => void (await adapter.executeRaw({ sql, args: [], argTypes: [] })),
  });
}

function withCharacters(result: SqlResultSet): SqlResultSet {
  const isCharacter = result.columnTypes.map((type) => type === ColumnTypeEnum.Character);
  if (!isCharacter.includes(true)) return result;
  const mended = (value: unknown, column: number) => (value === '' && isCharacter[column] ? '\0' : value);
  return { ...result, rows: result.rows.map((row) => row.map(mended)) };
}

async function connectToScratchDatabase(serverUrl: string): Promise<SqlDriverAdapter> {
  const database = `prisma_migrate_shadow_db_${randomUUID()}`;
  await onServer(serverUrl, `CREATE DATABASE ${pg.escapeIdentifier(database)}`);
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  const adapter = mend(await connectTo(url.href));
  const close = adapter.dispose.bind(adapter);
  return Object.assign(adapter, {
    dispose: async () => {
      await close();
      await onServer(serverUrl, `DROP DATABASE ${pg.escapeIdentifier(database)} WITH (FORCE)`);
    },
  });
}

async function onServer(serverUrl: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: maintenanceUrl(serverUrl) });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
