/**
 * Makes and migrates the services' databases.
 *
 *   DATABASE_URL=postgresql://… node dist/scripts/migrate.js [service…]
 *
 * DATABASE_URL names a server; CLEW_NAMESPACE (default `clew`) is what the databases' names begin with. Exit code 1, with
 * a sentence, when something failed.
 */
import { redacted } from '@clew/redaction';
import { migrate } from './migrate/migrate.js';

const { DATABASE_URL: databaseUrl, CLEW_NAMESPACE: namespace = 'clew' } = process.env;
const services = process.argv.slice(2);

try {
  if (!databaseUrl || !URL.canParse(databaseUrl)) {
    throw new Error(
      'Set DATABASE_URL to a PostgreSQL server, like postgresql://user:password@localhost:5432.',
    );
  }
  if (!/^[a-z][a-z0-9_]{0,30}$/.test(namespace)) {
    throw new Error(
      `CLEW_NAMESPACE is "${namespace}"; it has to be lower-case letters, digits and _, at most 31.`,
    );
  }
  await migrate({
    databaseUrl,
    namespace,
    services: services.length > 0 ? services : undefined,
    log: (line) => console.log(line),
  });
  process.exit(0); // The engine's timer would keep us for ten seconds.
} catch (error) {
  console.error(redacted(error instanceof Error ? error.message : String(error)));
  process.exit(1);
}
