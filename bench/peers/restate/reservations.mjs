/** What the steps write; each write may be repeated. */
import { TerminalError } from '@restatedev/restate-sdk';
import pg from 'pg';
import { isSoldOut, PEER_DATABASE_URL } from '../kit/serve.mjs';

const CONNECTIONS = 16;

export const STEPS = ['flight', 'hotel', 'car'];

const database = new pg.Pool({ connectionString: PEER_DATABASE_URL, max: CONNECTIONS });

/** @throws TerminalError, which isn't tried again, when it can't be had */
export async function reserve(step, { sagaId, trip }) {
  if (isSoldOut(step, trip)) throw new TerminalError(`There is no such ${step}`);
  await database.query({
    name: 'reserve',
    text: `INSERT INTO reservation (saga_id, step, status) VALUES ($1, $2, 'RESERVED') ON CONFLICT DO NOTHING`,
    values: [sagaId, step],
  });
}

export async function cancel(step, { sagaId }) {
  await database.query({
    name: 'cancel',
    text: `UPDATE reservation SET status = 'CANCELLED' WHERE saga_id = $1 AND step = $2`,
    values: [sagaId, step],
  });
}

/**
 * The trip, whatever carries out its steps.
 *
 * @param {(action: 'reserve' | 'cancel', step: string) => Promise<void>} act
 */
export async function bookTrip(act) {
  const done = [];
  try {
    for (const step of STEPS) {
      await act('reserve', step);
      done.unshift(step);
    }
    return 'COMPLETED';
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    for (const step of done) await act('cancel', step);
    return 'COMPENSATED';
  }
}
