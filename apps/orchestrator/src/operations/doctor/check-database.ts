import { migrationsState } from '@clew/service';
import type { AskedDatabase } from '../../database/asked-database.js';
import type { CheckResponse } from '../doctor.response.dto.js';

const CLOCK_TOLERANCE_MS = 1_000;

/** Whether the orchestrator's database has the migrations of this build, and no others. */
export async function checkMigrations(database: AskedDatabase): Promise<CheckResponse[]> {
  const name = 'migrations';
  const state = await migrationsState(database, 'orchestrator');
  if (!state)
    return [{ name, status: 'warning', sentence: 'This build came without them: nobody can tell.' }];
  const { applied, pending, unknown } = state;
  if (pending.length > 0) {
    const sentence = `Pending: ${pending.join(', ')}. Run "npm run db:migrate".`;
    return [{ name, status: 'failed', sentence }];
  }
  if (unknown.length > 0) {
    const sentence = `The database is ahead of this build by ${unknown.join(', ')}.`;
    return [{ name, status: 'warning', sentence }];
  }
  return [{ name, status: 'ok', sentence: `All ${applied} of the orchestrator are applied.` }];
}

/** Sagas go by the database's clock; logs and answers show the gateway's. */
export async function checkClock(database: AskedDatabase): Promise<CheckResponse[]> {
  const name = 'database clock';
  const before = Date.now();
  const [{ now }] = await database.$queryRawUnsafe<[{ now: Date }]>('SELECT clock_timestamp() AS now');
  const ahead = Math.round(now.getTime() - (before + Date.now()) / 2);
  return Math.abs(ahead) <= CLOCK_TOLERANCE_MS
    ? [{ name, status: 'ok', sentence: `Within ${Math.abs(ahead)} ms of the gateway's.` }]
    : [
        {
          name,
          status: 'warning',
          sentence: `The database's clock is ${ahead} ms ahead of the gateway's: have both machines keep time.`,
        },
      ];
}
