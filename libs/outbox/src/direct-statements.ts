import { ColumnTypeEnum, type ColumnType, type SqlResultSet } from '@prisma/driver-adapter-utils';
import { emptiedAfter, listening, type DirectAdapter, type DirectTransaction } from './direct-adapter.js';
import type { SqlExecutor } from './sql-database.js';
import { DatabaseFault } from './transient.js';

/**
 * Runs statements past the client, once it is known where the client runs them; by the client until then, and for ever if its
 * adapter isn't made by {@link direct}. Rejects with the adapter's errors, or a {@link DatabaseFault} if the connection is lost.
 */
export function directly(database: SqlExecutor): SqlExecutor {
  let known: DirectAdapter | undefined;
  const by = <Answer>(sql: string, run: (executor: SqlExecutor) => Promise<Answer>): Promise<Answer> => {
    // A client that was disconnected connects anew, by another adapter.
    if (known && !known.isOver) return run(statementsIn(known));
    // Only by the same text: a client may be made to run other statements, of other databases, on the way.
    const ran = (text: string, adapter: DirectAdapter) => {
      if (text === sql) known = adapter;
    };
    return listening({ ran }, () => run(database));
  };
  return {
    $queryRawUnsafe: <Rows>(sql: string, ...values: unknown[]) =>
      by(sql, (executor) => executor.$queryRawUnsafe<Rows>(sql, ...values)),
    $executeRawUnsafe: (sql, ...values) => by(sql, (executor) => executor.$executeRawUnsafe(sql, ...values)),
  };
}

/** Runs statements in a transaction or outside of any. They reject once it is over. */
export function statementsIn(direct: DirectAdapter | DirectTransaction): SqlExecutor {
  const run = async <Answer>(work: (inner: typeof direct.inner) => Promise<Answer>): Promise<Answer> => {
    if (direct.isOver) throw new DatabaseFault('The transaction is over');
    try {
      return await work(direct.inner);
    } catch (error) {
      if (isBare(error))
        throw new DatabaseFault(`The database is out of reach: ${error.message}`, { cause: error });
      throw error;
    }
  };
  return {
    $queryRawUnsafe: async <Rows>(sql: string, ...values: unknown[]) =>
      rowsOf(
        await run((inner) => emptiedAfter(queryOf(sql, values), (copy) => inner.queryRaw(copy))),
      ) as Rows,
    $executeRawUnsafe: (sql, ...values) =>
      run((inner) => emptiedAfter(queryOf(sql, values), (copy) => inner.executeRaw(copy))),
  };
}

/** All that the driver says when a connection can't be had, or is lost. */
function isBare(error: unknown): error is Error {
  return error instanceof Error && error.name === 'Error' && !('code' in error);
}

function queryOf(sql: string, args: unknown[]) {
  return { sql, args, argTypes: args.map(typeOf) };
}

function typeOf(value: unknown) {
  return { scalarType: 'unknown', arity: Array.isArray(value) ? 'list' : 'scalar' } as const;
}

/** As objects, with values of the types that Prisma gives them. */
function rowsOf({ columnNames, columnTypes, rows }: SqlResultSet): Record<string, unknown>[] {
  const readers = columnTypes.map((type, index) => readerOf(type, columnNames[index]!));
  return rows.map((row) => {
    const object: Record<string, unknown> = {};
    for (const [index, name] of columnNames.entries()) {
      const value = row[index];
      object[name] = value === null ? null : readers[index]!(value);
    }
    return object;
  });
}

function readerOf(type: ColumnType, column: string): (value: unknown) => unknown {
  const reader = READERS.get(type);
  if (!reader) throw new TypeError(`Column ${column} is of a type that isn't read directly (${type})`);
  return reader;
}

const asItIs = (value: unknown) => value;

/** Those that the libraries' statements have. */
const READERS = new Map<ColumnType, (value: unknown) => unknown>([
  [ColumnTypeEnum.Int32, asItIs],
  [ColumnTypeEnum.Int64, (value) => BigInt(value as string)],
  [ColumnTypeEnum.Double, asItIs],
  [ColumnTypeEnum.Boolean, asItIs],
  [ColumnTypeEnum.Text, asItIs],
  [ColumnTypeEnum.Uuid, asItIs],
  [ColumnTypeEnum.Date, (value) => new Date(value as string)],
  [ColumnTypeEnum.DateTime, (value) => new Date(value as string)],
  [ColumnTypeEnum.Json, (value) => JSON.parse(value as string) as unknown],
]);
