import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SqlExecutor } from '@clew/outbox';

/** A database's migrations against those that the build brings along. */
export interface MigrationsState {
  readonly applied: number;
  /** Those that the database lacks. */
  readonly pending: readonly string[];
  /** Those that the build lacks: the database belongs to a later one. */
  readonly unknown: readonly string[];
}

/** `undefined` where the build was put somewhere without its `prisma` folder. */
export async function migrationsState(
  database: Pick<SqlExecutor, '$queryRawUnsafe'>,
  service: string,
): Promise<MigrationsState | undefined> {
  const folder = folderOf(service, import.meta.dirname);
  if (!folder) return undefined;
  const brought = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const rows = await database.$queryRawUnsafe<{ name: string }[]>(
    `SELECT migration_name AS name FROM _prisma_migrations
     WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
  );
  const applied = rows.map(({ name }) => name);
  return {
    applied: applied.length,
    pending: brought.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !brought.includes(name)),
  };
}

/** Sources and what is built of them are at different depths. */
function folderOf(service: string, from: string): string | undefined {
  const folder = join(from, 'prisma', service, 'migrations');
  if (existsSync(folder)) return folder;
  return dirname(from) === from ? undefined : folderOf(service, dirname(from));
}
