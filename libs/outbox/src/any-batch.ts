/**
 * Hides from PostgreSQL how long the arrays are that a statement is given, so that it is planned once for all batches.
 *
 * A prepared statement is planned anew for each set of parameters as long as that plan looks cheaper than the one for any: so
 * it does for a batch of one, and to plan a statement with many parts takes longer than to run it.
 *
 * @param sql with its arrays as parameters that are cast, `$1::uuid[]` for example
 */
export function forAnyBatch(sql: string): string {
  // What comes of a subselect is not known before the statement runs. In ANY it would be a set of rows, not an array, without the cast.
  return sql.replace(/\$\d+::(\w+\[\])/g, '(SELECT $&)::$1');
}
