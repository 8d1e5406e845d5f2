/**
 * Tells before a release whether the sagas in flight can be carried on by the definitions in this tree: what the
 * orchestrator would say at its start.
 *
 *   DATABASE_URL=postgresql://… npm run sagas:check
 *
 * DATABASE_URL names a server; the database on it is `<CLEW_NAMESPACE>_orchestrator` (default `clew`). Reads only. Exit
 * code 1, with a sentence for each conflict, when some can't; 2 when the database can't be asked.
 */
import { PrismaPg } from '@prisma/adapter-pg';
import { redacted } from '@clew/redaction';
import { checkDefinitions } from '@clew/saga';
import { databaseUrlOf } from '@clew/service';
import { PrismaClient } from '../apps/orchestrator/src/database/client/client.js';
import { sagaDefinitions } from '../apps/orchestrator/src/saga-definitions.js';

const { DATABASE_URL: server, CLEW_NAMESPACE: namespace = 'clew' } = process.env;
if (!server || !URL.canParse(server)) {
  console.error('Set DATABASE_URL to a PostgreSQL server, like postgresql://user:password@localhost:5432.');
  process.exit(2);
}

const connectionString = databaseUrlOf('orchestrator', {
  DATABASE_URL: server,
  CLEW_NAMESPACE: namespace,
});
const database = new PrismaClient({ adapter: new PrismaPg({ connectionString }) });
try {
  const { inFlight, conflicts } = await checkDefinitions(database, sagaDefinitions);
  for (const { name, version, count } of inFlight) console.log(`${name} v${version}: ${count} in flight`);
  if (inFlight.length === 0) console.log('No saga is in flight.');
  for (const conflict of conflicts) console.error(`Conflict: ${conflict}.`);
  console.log(
    conflicts.length === 0 ? 'The definitions can carry them on.' : 'Not to be released like this.',
  );
  process.exitCode = conflicts.length === 0 ? 0 : 1;
} catch (error) {
  console.error(
    `The database can't be asked: ${redacted(error instanceof Error ? error.message : String(error))}`,
  );
  process.exitCode = 2;
} finally {
  await database.$disconnect();
}
