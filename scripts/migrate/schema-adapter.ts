import { randomUUID } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlQuery,
} from '@prisma/driver-adapter-utils';
import { maintenanceUrl } from '@clew/testing';
import pg from 'pg';

/**
 * The way of Prisma's schema engine to PostgreSQL: `@prisma/adapter-pg`, mended where it can't carry migrations.
 *
 * - A script goes to the server whole, and so succeeds or fails whole. The adapter cuts it at every semicolon, those in
 *   comments, texts and functions included, and leaves half of it behind when a piece fails.
 * - The engine may describe a schema: the adapter refuses the type "char" that PostgreSQL's catalogue uses.
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
  return new PrismaPg(poolOf(connectionString), { disposeExternalPool: true }).connect();
}

function mend(adapter: Adapter): SqlDriverAdapter {
  const queryRaw = adapter.queryRaw.bind(adapter);
  return Object.assign(adapter, {
    queryRaw: async (query: SqlQuery) => {
      const result = await queryRaw(query);
      for (const column of charColumns.get(result.rows) ?? [])
        result.columnTypes[column] = ColumnTypeEnum.Character;
      return result;
    },
    executeScript: async (sql: string) => void (await adapter.executeRaw({ sql, args: [], argTypes: [] })),
  });
}

/** PostgreSQL's number for the type "char" of its catalogue, and for one that the adapter knows. */
const internalChar = 18;
const knownChar = 1042;
/** Which columns of these rows were of the type "char". */
const charColumns = new WeakMap<object, number[]>();

function poolOf(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString });
  const query = pool.query.bind(pool) as (config: pg.QueryConfig) => Promise<pg.QueryArrayResult>;
  return Object.assign(pool, {
    query: async (config: pg.QueryConfig) => {
      const result = await query(config);
      const columns = (result.fields ?? []).flatMap((field, i) =>
        field.dataTypeID === internalChar ? [i] : [],
      );
      for (const column of columns) {
        result.fields[column]!.dataTypeID = knownChar;
        for (const row of result.rows) row[column] ||= '\0'; // Empty is how the driver writes a zero byte.
      }
      if (columns.length > 0) charColumns.set(result.rows, columns);
      return result;
    },
  });
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
