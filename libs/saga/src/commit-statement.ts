import { forAnyBatch } from '@clew/outbox';

/**
 * The locks of a batch: who queues for which, and who gives up all they have. Only sagas that take locks pay for them.
 */
const LOCKS = `
), queued AS (
  INSERT INTO saga_lock_queue (key, saga_id, lease_ms)
  SELECT t.key, t.id, t.lease FROM unnest($39::uuid[], $40::text[], $41::int[]) AS t (id, key, lease) JOIN won USING (id)
  ON CONFLICT (key, saga_id) DO NOTHING
), unqueued AS (
  DELETE FROM saga_lock_queue WHERE saga_id = ANY (ARRAY(SELECT id FROM unnest($42::uuid[]) AS t (id) JOIN won USING (id)))
), unlocked AS (
  DELETE FROM saga_lock WHERE saga_id = ANY (ARRAY(SELECT id FROM unnest($42::uuid[]) AS t (id) JOIN won USING (id)))`;

/**
 * Who asked for the instances that begin, and by which keys. One whose key is taken isn't opened, and so doesn't begin.
 * Waits for a concurrent transaction that takes the same key.
 */
const openings = (first: number) => `opened AS (
  INSERT INTO saga_opening (saga_id, owner, subject, key, fingerprint, answer)
  SELECT id, owner, nullif(subject, ''), nullif(key, ''), nullif(fingerprint, ''), nullif(answer, '')::json
  FROM unnest($${first}::uuid[], $${first + 1}::text[], $${first + 2}::text[], $${first + 3}::text[], $${first + 4}::text[], $${first + 5}::text[])
    AS t (id, owner, subject, key, fingerprint, answer)
  ON CONFLICT DO NOTHING
  RETURNING saga_id
), `;

const openedOnly = (first: number) =>
  `  WHERE t.id <> ALL ($${first}::uuid[]) OR t.id IN (SELECT saga_id FROM opened)
`;

/** Children that begin belong to whom their parents belong to, who may be children themselves. */
const INHERITED = `), inherited AS (
  INSERT INTO saga_opening (saga_id, owner)
  SELECT begun.id, parent.owner
  FROM unnest($1::uuid[], $9::text[]) AS t (id, parent_id) JOIN begun USING (id)
    JOIN saga_opening parent ON parent.saga_id = nullif(t.parent_id, '')::uuid
  WHERE parent.owner <> '' AND parent.saga_id = ANY (ARRAY(SELECT nullif(id, '')::uuid FROM unnest($9::text[]) AS t (id)))
`;

/** What a batch has, that most don't have. */
export interface StatementParts {
  readonly withLocks: boolean;
  readonly withOpenings: boolean;
  readonly withChildren: boolean;
}

/**
 * One statement for all that a batch writes; its parameters are columns (see SagaStore.commit).
 *
 * `won` is the compare-and-set: history, commands and deadlines are written only for the instances in it, so a lost race
 * leaves no trace and doesn't disturb the rest of the batch. Under READ COMMITTED the update waits for a concurrent
 * writer of the same row and then checks the revision again on the row as that writer left it.
 *
 * Tables are entered by a condition on an array, though the join says the same: a statement is planned once, perhaps while a table
 * is all but empty, and with the join alone the plan for that would be to read the whole of it. And rows of deadlines live so shortly
 * that PostgreSQL takes the table for empty at any time: a join would be planned as going through the batch once for each row.
 * `IS TRUE` keeps `IN` from being made a join, so that the batch is looked up in a hash table.
 */
const statementWith = ({ withLocks, withOpenings, withChildren }: StatementParts): string => `
WITH ${withOpenings ? openings(withLocks ? 43 : 39) : ''}begun AS (
  INSERT INTO saga_instance (id, name, version, definition_hash, coordination, status, revision, input, state, failure, parent_id, ended_at)
  SELECT id, name, version, hash, coalesce(state ->> 'coordination', 'orchestration'), status, 1, input, state, nullif(failure, '')::json,
    nullif(parent, '')::uuid, CASE WHEN ended THEN now() END
  FROM ROWS FROM (unnest($1::uuid[], $2::text[], $3::int[], $4::text[], $5::text[]), json_array_elements($6::json), json_array_elements($7::json),
      unnest($8::text[], $9::text[], $10::bool[]))
    AS t (id, name, version, hash, status, input, state, failure, parent, ended)
${withOpenings ? openedOnly(withLocks ? 43 : 39) : ''}  ON CONFLICT (id) DO NOTHING
  RETURNING id
${withChildren ? INHERITED : ''}), moved AS (
  UPDATE saga_instance s
  SET status = t.status, revision = s.revision + 1, state = t.state, failure = nullif(t.failure, '')::json,
      updated_at = now(), ended_at = CASE WHEN t.ended THEN now() END
  FROM ROWS FROM (unnest($11::uuid[], $12::int[], $13::text[], $14::bool[]), json_array_elements($15::json), unnest($16::text[]))
    AS t (id, revision, status, ended, state, failure)
  WHERE s.id = ANY ($11::uuid[]) AND s.id = t.id AND s.revision = t.revision
  RETURNING s.id
), won AS (
  SELECT id FROM begun UNION ALL SELECT id FROM moved
), history AS (
  INSERT INTO saga_history (saga_id, revision, entries)
  SELECT t.id, t.revision, t.entries
  FROM ROWS FROM (unnest($17::uuid[], $18::int[]), json_array_elements($19::json)) AS t (id, revision, entries) JOIN won USING (id)
), sent AS (
  INSERT INTO outbox (id, destination, message, lease_until)
  SELECT t.message_id, t.destination, t.message, now() + $24::int * interval '1 millisecond'
  FROM ROWS FROM (unnest($20::uuid[], $21::uuid[], $22::text[]), json_array_elements($23::json))
    AS t (id, message_id, destination, message) JOIN won USING (id)
), armed AS (
  INSERT INTO saga_deadline (saga_id, step, direction, epoch, attempt, due_at)
  SELECT t.id, t.step, t.direction, t.epoch, t.attempt, now() + t.after * interval '1 millisecond'
  FROM unnest($25::uuid[], $26::text[], $27::text[], $28::int[], $29::int[], $30::int[])
    AS t (id, step, direction, epoch, attempt, after) JOIN won USING (id)
  ON CONFLICT (saga_id, step) DO UPDATE
  SET direction = excluded.direction, epoch = excluded.epoch, attempt = excluded.attempt, due_at = excluded.due_at
), disarmed AS (
  DELETE FROM saga_deadline WHERE saga_id = ANY (ARRAY(SELECT id FROM won))
    AND ((saga_id, step) IN (SELECT * FROM unnest($31::uuid[], $32::text[]))) IS TRUE
), forgotten AS (
  DELETE FROM saga_deadline WHERE saga_id = ANY ($33::uuid[])
    AND ((saga_id, step, direction, epoch, attempt) IN (SELECT * FROM unnest($33::uuid[], $34::text[], $35::text[], $36::int[], $37::int[]))) IS TRUE
), published AS (
  DELETE FROM outbox WHERE id = ANY($38::uuid[])
${withLocks ? LOCKS : ''}
)
SELECT id, now()::timestamptz(3) AS at FROM won`;

const statements = new Map<string, string>();

/** The statement for batches with these parts: always the same text, so that it is looked up quickly where it is prepared. */
export function commitStatement(parts: StatementParts): string {
  const key = JSON.stringify(parts);
  const known = statements.get(key);
  if (known) return known;
  const statement = forAnyBatch(statementWith(parts));
  statements.set(key, statement);
  return statement;
}
