import { listening, type DirectTransaction } from './direct-adapter.js';
import { statementsIn } from './direct-statements.js';
import type { SqlDatabase, SqlExecutor, TransactionOptions } from './sql-database.js';
import { goesPast } from './statements-of.js';
import { DatabaseFault, sqlState } from './transient.js';

/**
 * Runs work in a transaction at READ COMMITTED, and hands it the way to run statements there and the client of the transaction,
 * for handlers; they are the same unless the client's adapter is made by {@link direct}. What the work throws comes out as it is;
 * trouble of the database with the transaction itself, which often has no code, comes out as a {@link DatabaseFault}.
 *
 * An error doesn't mean that nothing was committed: the connection may have been lost during the commit.
 */
export async function transact<Result>(
  database: SqlDatabase,
  work: (transaction: SqlExecutor, client: SqlExecutor) => Promise<Result>,
  options?: TransactionOptions,
): Promise<Result> {
  let thrown: { readonly error: unknown } | undefined;
  let begun: DirectTransaction | undefined;
  const began = (transaction: DirectTransaction) => (begun = transaction);
  try {
    return await listening({ began }, () =>
      database.$transaction(
        async (client) => {
          const statements = begun ? statementsIn(begun) : client;
          goesPast(client, statements);
          try {
            return await work(statements, client);
          } catch (error) {
            thrown = { error };
            throw error;
          }
        },
        { isolationLevel: 'ReadCommitted', ...options },
      ),
    );
  } catch (error) {
    // An SQLSTATE says more: a constraint that is checked at the commit, for example.
    if (thrown?.error === error || sqlState(error) !== undefined) throw error;
    throw new DatabaseFault('The database could not begin or commit a transaction', { cause: error });
  }
}
