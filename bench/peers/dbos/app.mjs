/** One process: a durable workflow of three steps, each with a write of its own that may be repeated. */
import { DBOS } from '@dbos-inc/dbos-sdk';
import pg from 'pg';
import { v7 as uuid } from 'uuid';
import { isSoldOut, PEER_DATABASE_URL, serve, tripOf } from '../kit/serve.mjs';

const CONNECTIONS = 16;
const STEPS = ['flight', 'hotel', 'car'];

const database = new pg.Pool({ connectionString: PEER_DATABASE_URL, max: CONNECTIONS });

async function reserve(step, sagaId, trip) {
  if (isSoldOut(step, trip)) throw new Error(`There is no such ${step}`);
  await database.query({
    name: 'reserve',
    text: `INSERT INTO reservation (saga_id, step, status) VALUES ($1, $2, 'RESERVED') ON CONFLICT DO NOTHING`,
    values: [sagaId, step],
  });
}

async function cancel(step, sagaId) {
  await database.query({
    name: 'cancel',
    text: `UPDATE reservation SET status = 'CANCELLED' WHERE saga_id = $1 AND step = $2`,
    values: [sagaId, step],
  });
}

async function bookTrip(sagaId, trip) {
  const done = [];
  try {
    for (const step of STEPS) {
      await DBOS.runStep(() => reserve(step, sagaId, trip), { name: `reserve ${step}` });
      done.unshift(step);
    }
    return 'COMPLETED';
  } catch {
    for (const step of done) await DBOS.runStep(() => cancel(step, sagaId), { name: `cancel ${step}` });
    return 'COMPENSATED';
  }
}

const trip = DBOS.registerWorkflow(bookTrip, { name: 'trip' });
DBOS.setConfig({
  name: 'trip',
  systemDatabaseUrl: PEER_DATABASE_URL,
  systemDatabasePoolSize: CONNECTIONS,
  logLevel: 'error',
});
await DBOS.launch();

serve(async (n, isUndone) => {
  const id = uuid();
  const workflow = await DBOS.startWorkflow(trip, { workflowID: id })(id, tripOf(n, isUndone));
  return workflow.getResult();
});
