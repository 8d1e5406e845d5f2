/**
 * One statement for all that a batch writes; its parameters are columns (see SagaStore.commit).
 *
 * `won` is the compare-and-set: history, commands and deadlines are written only for the instances in it, so a lost race
 * leaves no trace and doesn't disturb the rest of the batch. Under READ COMMITTED the update waits for a concurrent
 * writer of the same row and then checks the revision again on the row as that writer left it.
 */
export const COMMIT = `
WITH begun AS (
  INSERT INTO saga_instance (id, name, version, definition_hash, coordination, status, revision, input, steps)
  SELECT id, name, version, hash, 'orchestration', status, 1, input::json, steps::json
  FROM unnest($1::uuid[], $2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[])
    AS t (id, name, version, hash, status, input, steps)
  ON CONFLICT (id) DO NOTHING
  RETURNING id
), moved AS (
  UPDATE saga_instance s
  SET status = t.status, revision = s.revision + 1, steps = t.steps::json, failure = nullif(t.failure, '')::json,
      updated_at = now(), ended_at = CASE WHEN t.ended THEN now() END
  FROM unnest($8::uuid[], $9::int[], $10::text[], $11::bool[], $12::text[], $13::text[])
    AS t (id, revision, status, ended, steps, failure)
  WHERE s.id = t.id AND s.revision = t.revision
  RETURNING s.id
), won AS (
  SELECT id FROM begun UNION ALL SELECT id FROM moved
), history AS (
  INSERT INTO saga_history (saga_id, revision, entries)
  SELECT t.id, t.revision, t.entries::json
  FROM unnest($14::uuid[], $15::int[], $16::text[]) AS t (id, revision, entries) JOIN won USING (id)
), sent AS (
  INSERT INTO outbox (id, destination, message, lease_until)
  SELECT t.message_id, t.destination, t.message::json, now() + $21::int * interval '1 millisecond'
  FROM unnest($17::uuid[], $18::uuid[], $19::text[], $20::text[]) AS t (id, message_id, destination, message) JOIN won USING (id)
), armed AS (
  INSERT INTO saga_deadline (saga_id, step, direction, epoch, attempt, due_at)
  SELECT t.id, t.step, t.direction, t.epoch, t.attempt, now() + t.after * interval '1 millisecond'
  FROM unnest($22::uuid[], $23::text[], $24::text[], $25::int[], $26::int[], $27::int[])
    AS t (id, step, direction, epoch, attempt, after) JOIN won USING (id)
  ON CONFLICT (saga_id, step) DO UPDATE
  SET direction = excluded.direction, epoch = excluded.epoch, attempt = excluded.attempt, due_at = excluded.due_at
), disarmed AS (
  DELETE FROM saga_deadline d
  USING unnest($28::uuid[], $29::text[]) AS t (id, step) JOIN won USING (id)
  WHERE d.saga_id = t.id AND d.step = t.step
), forgotten AS (
  DELETE FROM saga_deadline d
  USING unnest($30::uuid[], $31::text[], $32::text[], $33::int[], $34::int[]) AS t (id, step, direction, epoch, attempt)
  WHERE d.saga_id = t.id AND d.step = t.step AND d.direction = t.direction AND d.epoch = t.epoch AND d.attempt = t.attempt
), published AS (
  DELETE FROM outbox WHERE id = ANY($35::uuid[])
)
SELECT id, now()::timestamptz(3) AS at FROM won`;
