import {
  forAnyBatch,
  jsonArray,
  outboxColumns,
  sqlArray,
  type OutboxMessage,
  type SqlExecutor,
} from '@clew/outbox';

/** What the fence is about: one direction of one step, in one epoch. */
export interface FenceKey {
  readonly sagaId: string;
  readonly step: string;
  readonly direction: 'action' | 'compensation';
  readonly epoch: number;
}

/** A row that was there before. */
export interface FenceRow {
  readonly outcome: 'done' | 'rejected' | 'tombstone' | null;
  readonly reply: object | null;
}

/** How a command that was let through ended. Without an outcome its row is withdrawn, as if it had never come. */
export interface FenceResult {
  readonly key: FenceKey;
  readonly outcome: 'done' | 'rejected' | null;
  /** JSON text. */
  readonly reply: string | null;
}

export function fenceKeyText({ sagaId, step, direction, epoch }: FenceKey): string {
  return `${sagaId}/${direction}/${epoch}/${step}`;
}

/**
 * Inserts rows for all keys that have none, waiting for any other transaction that is about one of them.
 * Resolves with the keys (as text) that were inserted.
 */
export async function insertFence(
  transaction: SqlExecutor,
  keys: readonly (FenceKey & { readonly tombstone: boolean })[],
): Promise<Set<string>> {
  // One order for all processes, so that two of them never wait for each other.
  const sorted = [...keys].sort((a, b) => (fenceKeyText(a) < fenceKeyText(b) ? -1 : 1));
  const rows = await transaction.$queryRawUnsafe<KeyColumns[]>(
    `INSERT INTO fence (saga_id, step, direction, epoch, outcome)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::text[])
     ON CONFLICT DO NOTHING RETURNING saga_id, step, direction, epoch`,
    ...keyColumns(sorted),
    sqlArray(sorted.map(({ tombstone }) => (tombstone ? 'tombstone' : null))),
  );
  return new Set(rows.map(textOf));
}

/**
 * Reads the rows of keys (by their text). It must be a statement of its own, later than the one that found them there: that
 * one waited for whoever inserted them, but its snapshot is older.
 */
export async function readFence(
  transaction: SqlExecutor,
  keys: readonly FenceKey[],
): Promise<Map<string, FenceRow>> {
  const rows = await transaction.$queryRawUnsafe<(KeyColumns & FenceRow)[]>(
    `SELECT saga_id, step, direction, epoch, outcome, reply
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[]) AS key(saga_id, step, direction, epoch)
     JOIN fence USING (saga_id, step, direction, epoch)
     WHERE fence.saga_id = ANY ($1::uuid[])`,
    ...keyColumns(keys),
  );
  return new Map(rows.map((row) => [textOf(row), row]));
}

/**
 * The last statement of a batch: writes the outcomes into the fence, the replies into the outbox, and deletes from the
 * outbox what is confirmed meanwhile.
 */
export async function recordResults(
  transaction: SqlExecutor,
  results: readonly FenceResult[],
  replies: readonly OutboxMessage[],
  leaseMs: number,
  confirmed: readonly string[],
): Promise<void> {
  await transaction.$executeRawUnsafe(
    RECORD_RESULTS,
    ...keyColumns(results.map(({ key }) => key)),
    sqlArray(results.map(({ outcome }) => outcome)),
    jsonArray(results.map(({ reply }) => reply ?? 'null')),
    sqlArray(confirmed),
    ...outboxColumns(replies),
    leaseMs,
  );
}

/** Deletes all rows of sagas that are over for good: whatever came of them now would be taken for new. */
export async function deleteFence(database: SqlExecutor, sagaIds: readonly string[]): Promise<void> {
  await database.$executeRawUnsafe('DELETE FROM fence WHERE saga_id = ANY($1::uuid[])', sqlArray(sagaIds));
}

/** Enters the table by an array: a plan for a join, made while the table is small, would be to read the whole of it. */
const SAME_KEY = `fence.saga_id = ANY ($1::uuid[]) AND fence.saga_id = result.saga_id AND fence.step = result.step
         AND fence.direction = result.direction AND fence.epoch = result.epoch`;

const RECORD_RESULTS = forAnyBatch(`
  WITH result AS MATERIALIZED (
    SELECT * FROM ROWS FROM (unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::text[]), json_array_elements($6::json))
      AS result(saga_id, step, direction, epoch, outcome, reply)
  ), recorded AS (
    UPDATE fence SET outcome = result.outcome, reply = result.reply FROM result
    WHERE ${SAME_KEY} AND result.outcome IS NOT NULL
  ), withdrawn AS (
    DELETE FROM fence USING result WHERE ${SAME_KEY} AND result.outcome IS NULL
  ), published AS (
    DELETE FROM outbox WHERE id = ANY($7::uuid[])
  )
  INSERT INTO outbox (id, destination, message, lease_until)
  SELECT id, destination, message, clock_timestamp() + $11::int * interval '1 ms'
  FROM ROWS FROM (unnest($8::uuid[], $9::text[]), json_array_elements($10::json)) AS reply(id, destination, message)`);

interface KeyColumns {
  readonly saga_id: string;
  readonly step: string;
  readonly direction: 'action' | 'compensation';
  readonly epoch: number;
}

function textOf({ saga_id, ...rest }: KeyColumns): string {
  return fenceKeyText({ sagaId: saga_id, ...rest });
}

function keyColumns(keys: readonly FenceKey[]): [string, string, string, string] {
  return [
    sqlArray(keys.map(({ sagaId }) => sagaId)),
    sqlArray(keys.map(({ step }) => step)),
    sqlArray(keys.map(({ direction }) => direction)),
    sqlArray(keys.map(({ epoch }) => epoch)),
  ];
}
