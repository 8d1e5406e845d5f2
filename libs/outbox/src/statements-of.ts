import type { SqlExecutor } from './sql-database.js';

/** Runs SQL that is written as a template, whose values become parameters. A Prisma client does, too. */
export interface Statements {
  /** Runs a query and resolves with its rows. */
  $queryRaw<Rows = unknown>(sql: TemplateStringsArray, ...values: unknown[]): Promise<Rows>;
  /** Runs a statement and resolves with the number of rows it touched. */
  $executeRaw(sql: TemplateStringsArray, ...values: unknown[]): Promise<number>;
}

/** How to run statements past the client of a transaction. */
const past = new WeakMap<object, SqlExecutor>();

/** Tells {@link statementsOf} how to run statements in the transaction that a client is of. */
export function goesPast(client: SqlExecutor, statements: SqlExecutor): void {
  past.set(client, statements);
}

/**
 * Runs a handler's statements in its transaction, at a fraction of what they cost by Prisma's client:
 * ``statementsOf(transaction).$queryRaw`SELECT …` ``. In other transactions, or if the client's adapter isn't made by `direct`, they go by
 * the client and do the same.
 *
 * Directly, no extension, log or trace of the client sees them; errors are the adapter's; and a column that isn't of one of the types
 * `int4`, `int8` (a bigint), `float8`, `bool`, `text`, `uuid`, `date` or `timestamp` (a Date) and `json` is an error that names it. It is
 * meant for batch handlers: where a statement does the work of a hundred commands, the client is most of what it costs.
 */
export function statementsOf(transaction: SqlExecutor): Statements {
  const executor = past.get(transaction) ?? transaction;
  return {
    $queryRaw: (sql, ...values) => executor.$queryRawUnsafe(textOf(sql), ...values),
    $executeRaw: (sql, ...values) => executor.$executeRawUnsafe(textOf(sql), ...values),
  };
}

/** A template is the same object each time that its line runs. */
const texts = new WeakMap<TemplateStringsArray, string>();

function textOf(sql: TemplateStringsArray): string {
  let text = texts.get(sql);
  if (text === undefined) {
    text = sql.reduce((before, part, index) => `${before}$${index}${part}`);
    texts.set(sql, text);
  }
  return text;
}
