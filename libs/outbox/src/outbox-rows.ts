import type { OutboxMessage } from './outbox-message.js';
import type { SqlExecutor } from './sql-database.js';
import { jsonArray, sqlArray } from './sql-values.js';

/**
 * Columns of the messages' rows, each as one parameter: ids as `uuid[]`, destinations as `text[]`, and the rest as an array in
 * JSON, for `json_array_elements`. For a statement of one's own.
 */
export function outboxColumns(
  messages: readonly OutboxMessage[],
): [ids: string, destinations: string, messages: string] {
  return [
    sqlArray(messages.map(({ id }) => id)),
    sqlArray(messages.map(({ destination }) => destination)),
    jsonArray(messages.map(({ id: _id, destination: _destination, ...rest }) => JSON.stringify(rest))),
  ];
}

/**
 * Inserts the messages with one statement. Until the lease ends, `leaseMs` milliseconds from now, whoever inserted them
 * sees to their publication; afterwards any relay takes them.
 */
export async function insertOutbox(
  transaction: SqlExecutor,
  messages: readonly OutboxMessage[],
  leaseMs: number,
): Promise<void> {
  if (messages.length === 0) return;
  // clock_timestamp(): now() is when the transaction began, and a long one would insert leases that are over.
  await transaction.$executeRawUnsafe(
    `INSERT INTO outbox (id, destination, message, lease_until)
     SELECT id, destination, message, clock_timestamp() + $4::int * interval '1 ms'
     FROM ROWS FROM (unnest($1::uuid[], $2::text[]), json_array_elements($3::json)) AS row(id, destination, message)`,
    ...outboxColumns(messages),
    leaseMs,
  );
}

/** Deletes rows whose messages are confirmed. */
export async function deleteOutbox(database: SqlExecutor, ids: readonly string[]): Promise<void> {
  await database.$executeRawUnsafe('DELETE FROM outbox WHERE id = ANY($1::uuid[])', sqlArray(ids));
}

/**
 * Takes at most `limit` rows whose lease is over, oldest first, and gives them a new one. No lock outlives the call, and
 * two callers never get the same row within its lease.
 */
export async function claimOutbox(
  database: SqlExecutor,
  limit: number,
  leaseMs: number,
): Promise<OutboxMessage[]> {
  // By their places, which an array has found: a join would be planned for the few rows that there were when it was planned,
  // and compare each with each; and a subselect with a LIMIT and SKIP LOCKED that is run twice would claim more than asked.
  const rows = await database.$queryRawUnsafe<
    { id: string; destination: string; message: Omit<OutboxMessage, 'id' | 'destination'> }[]
  >(
    `UPDATE outbox SET lease_until = now() + $2::int * interval '1 ms'
     WHERE ctid = ANY (ARRAY(
       SELECT ctid FROM outbox WHERE lease_until <= now() ORDER BY id LIMIT $1::int FOR UPDATE SKIP LOCKED
     ))
     RETURNING id, destination, message`,
    limit,
    leaseMs,
  );
  return rows
    .map(({ id, destination, message }) => ({ ...message, id, destination }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Ends each row's lease the given number of milliseconds from now, of which there are few. Rows that are gone are passed over. */
export async function setLeases(database: SqlExecutor, delays: ReadonlyMap<string, number>): Promise<void> {
  for (const delay of new Set(delays.values())) {
    const ids = [...delays].filter(([, its]) => its === delay).map(([id]) => id);
    await database.$executeRawUnsafe(
      `UPDATE outbox SET lease_until = now() + $2::int * interval '1 ms' WHERE id = ANY ($1::uuid[])`,
      sqlArray(ids),
      delay,
    );
  }
}
