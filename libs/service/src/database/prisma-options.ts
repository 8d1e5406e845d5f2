import { direct } from '@clew/outbox';
import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type { ServiceEnvironment } from '../configuration/service-environment.js';
import { statementNames } from './statement-names.js';

/** What the libraries ask for. It is said with the connection, whatever the database's own default. */
const ISOLATION = 'READ COMMITTED';

const CONNECTION_OPTIONS = [
  // Our statements are short: compiling one costs more than it could save.
  '-c jit=off',
  // They are prepared, some of them while a table is still small: a plan that reads the whole of it would be kept while it grows.
  '-c enable_seqscan=off',
  `-c default_transaction_isolation=${ISOLATION.replace(' ', '\\ ')}`,
].join(' ');

/** The URL of a service's own database on the server that the environment names. */
export function databaseUrlOf(
  service: string,
  environment: Pick<ServiceEnvironment, 'DATABASE_URL' | 'CLEW_NAMESPACE'>,
): string {
  const url = new URL(environment.DATABASE_URL);
  url.pathname = `/${environment.CLEW_NAMESPACE}_${service.replaceAll('-', '_')}`;
  return url.href;
}

/**
 * What a service's Prisma client is constructed with: a bounded pool, prepared statements, and a way
 * past the client for the libraries.
 *
 * Connects when first used. A connection that breaks while idle is replaced and reported to `onError`, no more.
 */
export function prismaOptions(
  service: string,
  environment: Pick<ServiceEnvironment, 'DATABASE_URL' | 'CLEW_NAMESPACE' | 'CLEW_DATABASE_POOL'>,
  onError: (error: Error) => void,
): { adapter: SqlDriverAdapterFactory } {
  const adapter = new PrismaPg(
    {
      connectionString: databaseUrlOf(service, environment),
      max: environment.CLEW_DATABASE_POOL,
      application_name: `${environment.CLEW_NAMESPACE}-${service}`,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
      // A transaction that was lost on our side must not hold its locks.
      idle_in_transaction_session_timeout: 15_000,
      options: CONNECTION_OPTIONS,
    },
    { statementNameGenerator: statementNames(), onPoolError: onError, onConnectionError: onError },
  );
  return { adapter: direct(adapter, { defaultIsolation: ISOLATION }) };
}
