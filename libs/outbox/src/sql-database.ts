/** Runs SQL: a Prisma client, or the client of a Prisma transaction. */
export interface SqlExecutor {
  /** Runs a query and resolves with its rows. */
  $queryRawUnsafe<Rows = unknown>(sql: string, ...values: unknown[]): Promise<Rows>;
  /** Runs a statement and resolves with the number of rows it touched. */
  $executeRawUnsafe(sql: string, ...values: unknown[]): Promise<number>;
}

export interface TransactionOptions {
  /** Longest wait for a connection, in milliseconds. */
  readonly maxWait?: number;
  /** Longest duration of the whole transaction, in milliseconds. */
  readonly timeout?: number;
  readonly isolationLevel?: 'ReadCommitted' | 'RepeatableRead' | 'Serializable';
}

/** A database as the libraries need it. Every generated PrismaClient is one, whatever its models. */
export interface SqlDatabase extends SqlExecutor {
  /** Commits what `work` did if it resolves, and rolls it back if it rejects. */
  $transaction<Result>(
    work: (transaction: SqlExecutor) => Promise<Result>,
    options?: TransactionOptions,
  ): Promise<Result>;
}
