/**
 * Fails if a service's `schema.prisma` and its migrations have drifted apart, and prints the SQL that a new migration
 * would need.
 *
 *   node dist/scripts/check-migrations.js [service…]
 *
 * Uses the server that DATABASE_URL names (in scratch databases of its own), else a private one for the moment.
 */
import { findPostgres, forgetPrivatePostgres, openTemporaryDirectory } from '@clew/testing';
import { readMigrationFolder, servicesWithSchema } from './migrate/migration-folder.js';
import { driftOf } from './migrate/schema-engine.js';

const services = process.argv.length > 2 ? process.argv.slice(2) : servicesWithSchema();
const directory = openTemporaryDirectory();
let exitCode = 0;
try {
  const url = process.env['DATABASE_URL'];
  const postgres = await findPostgres({ directory, persistent: false, url, log: console.log });
  try {
    for (const service of services) {
      const drift = await driftOf(postgres.url, readMigrationFolder(service));
      if (drift === '') {
        console.log(`${service}: schema.prisma and the migrations agree`);
      } else {
        console.error(
          `${service}: prisma/${service}/schema.prisma says more or less than its migrations, namely:\n${drift}`,
        );
        exitCode = 1;
      }
    }
  } finally {
    await postgres.stop();
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  exitCode = 1;
} finally {
  forgetPrivatePostgres(directory);
  directory.remove();
}
process.exit(exitCode); // The engine's timer would keep us for ten seconds.
