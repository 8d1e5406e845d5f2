import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PrismaService } from '../../database/prisma.service.js';
import type { CheckResponse } from '../doctor.response.dto.js';

/** From `dist/apps/orchestrator/src/operations/doctor`, and from there in the sources. */
const FOLDERS = ['../../../../../..', '../../../../..'].map((up) =>
  join(import.meta.dirname, up, 'prisma', 'orchestrator', 'migrations'),
);
const CLOCK_TOLERANCE_MS = 1_000;

/** Whether the orchestrator's database has the migrations of this checkout, and no others. */
export async function checkMigrations(database: PrismaService): Promise<CheckResponse[]> {
  const name = 'migrations';
  const folder = FOLDERS.find((each) => existsSync(each));
  if (!folder)
    return [
      {
        name,
        status: 'warning',
        sentence: 'The migrations were not brought along: run "npm run db:migrate".',
      },
    ];
  const wanted = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  const rows = await database.$queryRaw<{ name: string }[]>`
    SELECT migration_name AS name FROM _prisma_migrations
    WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`;
  const applied = new Set(rows.map((row) => row.name));
  const pending = wanted.filter((each) => !applied.has(each));
  const unknown = [...applied].filter((each) => !wanted.includes(each));
  if (pending.length > 0)
    return [
      { name, status: 'failed', sentence: `Pending: ${pending.join(', ')}. Run "npm run db:migrate".` },
    ];
  if (unknown.length > 0)
    return [
      { name, status: 'warning', sentence: `The database is ahead of this build by ${unknown.join(', ')}.` },
    ];
  return [{ name, status: 'ok', sentence: `All ${wanted.length} of the orchestrator are applied.` }];
}

/** Sagas go by the database's clock; logs and answers show the gateway's. */
export async function checkClock(database: PrismaService): Promise<CheckResponse[]> {
  const name = 'database clock';
  const before = Date.now();
  const [{ now }] = await database.$queryRaw<[{ now: Date }]>`SELECT clock_timestamp() AS now`;
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
