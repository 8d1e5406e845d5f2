import type { SqlDatabase, SqlExecutor, TransactionOptions } from './sql-database.js';
import { DatabaseFault, sqlState } from './transient.js';

/**
 * Runs work in a transaction at READ COMMITTED. What the work throws comes out as it is; trouble of the database with the
 * transaction itself, which often has no code, comes out as a {@link DatabaseFault}.
 *
 * An error doesn't mean that nothing was committed: the connection may have been lost during the commit.
 */
export async function transact<Result>(
  database: SqlDatabase,
  work: (transaction: SqlExecutor) => Promise<Result>,
  options?: TransactionOptions,
): Promise<Result> {
  let thrown: { readonly error: unknown } | undefined;
  try {
    return await database.$transaction(
      async (transaction) => {
        try {
          return await work(transaction);
        } catch (error) {
          thrown = { error };
          throw error;
        }
      },
      { isolationLevel: 'ReadCommitted', ...options },
    );
  } catch (error) {
    // An SQLSTATE says more: a constraint that is checked at the commit, for example.
    if (thrown?.error === error || sqlState(error) !== undefined) throw error;
    throw new DatabaseFault('The database could not begin or commit a transaction', { cause: error });
  }
}
