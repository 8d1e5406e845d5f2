import { tripApps } from '../../test/e2e/support/app-process.js';
import type { RunningSystem } from '../../test/e2e/support/running-system.js';

/** Megabytes that Clew's tables have in all databases, indexes included; what participants keep of their own isn't in them. */
export async function megabytesOfTables(system: RunningSystem): Promise<number> {
  let bytes = 0;
  for (const app of tripApps) {
    const [row] = await system.databases.rows<{ bytes: number }>(
      app,
      `SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::float8 AS bytes FROM pg_class
       WHERE relkind = 'r' AND (relname IN ('outbox', 'fence') OR relname LIKE 'saga\\_%')`,
    );
    bytes += row!.bytes;
  }
  return bytes / 1e6;
}
