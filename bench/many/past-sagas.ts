import { participantNames, type AppName } from '../../test/e2e/support/app-process.js';
import type { RunningSystem } from '../../test/e2e/support/running-system.js';
import { connectTo } from '../system/bench-system.js';

/** The past is that long, in milliseconds, and over for a day: shorter than sagas are kept. */
const PAST_MS = 20 * 24 * 3_600_000;
const OVER_FOR_MS = 24 * 3_600_000;

/**
 * `copies.id`: an id for each of the past, of the time `copies.at` when that one began, in order, as all ids are. A number gives the same
 * id in every database.
 */
const COPIES = `
  SELECT n, at, (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 3)
    || '8' || substr(md5(n::text), 4, 15))::uuid AS id
  FROM generate_series(1, $1::int) AS n,
    LATERAL (SELECT to_timestamp($2::float8 / 1000) + n * ($3::float8 / $1::int) * interval '1 ms' AS at) AS time`;

/** What each database has of a saga, as copies of the one that is `$4`. */
const COPIED: Readonly<Record<'orchestrator' | 'participant', readonly string[]>> = {
  orchestrator: [
    `INSERT INTO saga_instance (id, name, version, definition_hash, coordination, status, revision, input, state, failure, created_at, updated_at, ended_at)
     SELECT copies.id, name, version, definition_hash, coordination, status, revision, input, state, failure, at, at, at
     FROM (${COPIES}) AS copies, saga_instance AS saga WHERE saga.id = $4::uuid`,
    `INSERT INTO saga_opening (saga_id, owner, subject) SELECT copies.id, owner, subject
     FROM (${COPIES}) AS copies, saga_opening AS opening WHERE opening.saga_id = $4::uuid`,
    `INSERT INTO saga_history (saga_id, revision, at, entries) SELECT copies.id, revision, copies.at, entries
     FROM (${COPIES}) AS copies, saga_history AS history WHERE history.saga_id = $4::uuid`,
  ],
  participant: [
    `INSERT INTO fence (saga_id, step, direction, epoch, outcome, reply, created_at)
     SELECT copies.id, step, direction, epoch, outcome, reply, at
     FROM (${COPIES}) AS copies, fence WHERE fence.saga_id = $4::uuid`,
    `INSERT INTO reservation SELECT (jsonb_populate_record(reservation, jsonb_build_object('id', gen_random_uuid(), 'saga_id', copies.id, 'created_at', at))).*
     FROM (${COPIES}) AS copies, reservation WHERE reservation.saga_id = $4::uuid`,
  ],
};

/**
 * Fills the databases with sagas that were over long ago, as copies of one that has been undone: those take no seats, rooms or cars, and
 * there is more left of them than of those that completed.
 *
 * @throws Error when no saga has been undone yet
 */
export async function fillWithPastSagas(system: RunningSystem, count: number): Promise<void> {
  const [undone] = await system.databases.rows<{ id: string }>(
    'orchestrator',
    `SELECT id FROM saga_instance WHERE status = 'COMPENSATED' LIMIT 1`,
  );
  if (!undone) throw new Error('There is no saga yet that has been undone.');
  const values = [count, Date.now() - PAST_MS - OVER_FOR_MS, PAST_MS, undone.id];
  const fill = async (app: AppName, statements: readonly string[]) => {
    const client = await connectTo(system, app);
    try {
      for (const sql of statements) await client.query(sql, values);
      await client.query('VACUUM ANALYZE');
    } finally {
      await client.end();
    }
  };
  await fill('orchestrator', COPIED.orchestrator);
  for (const participant of participantNames) await fill(participant, COPIED.participant);
}
