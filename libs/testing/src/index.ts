/**
 * What tests and scripts need around the system under test. Never imported by an app.
 *
 * For: PostgreSQL and RabbitMQ found or started wherever Clew runs (`findInfrastructure`), the folder that remembers them
 * (`DataDirectory`), and waiting for a condition instead of sleeping (`eventually`).
 *
 * Guarantees: a server that someone else started is never stopped; a private server listens on 127.0.0.1 only, survives
 * Ctrl-C at the terminal, and has its data again after a hard kill; two processes never use one data directory at once.
 *
 * Not guaranteed: that a port found free is still free a moment later, and anything about containers that this process
 * didn't start.
 */
export { eventually, type EventuallyOptions } from './eventually.js';
export { DataDirectory, type ProcessRole, type RecordedProcess } from './infrastructure/data-directory.js';
export { endProcess, type EndProcessOptions } from './infrastructure/end-process.js';
export { FolderInUseError } from './infrastructure/exclusive-lock.js';
export {
  findInfrastructure,
  type FindInfrastructureOptions,
  type Infrastructure,
} from './infrastructure/find-infrastructure.js';
export {
  findPostgres,
  findRabbitmq,
  NoServerError,
  type FindServerOptions,
} from './infrastructure/find-servers.js';
export { freePorts, isPortFree } from './infrastructure/free-port.js';
export { GivenServerError } from './infrastructure/given-server.js';
export { processesMentioning, type Leftover } from './infrastructure/leftovers.js';
export { forgetPrivatePostgres } from './infrastructure/private-postgres.js';
export { forgetPrivateRabbitmq } from './infrastructure/private-rabbitmq.js';
export { maintenanceUrl, probePostgres, probeRabbitmq } from './infrastructure/probes.js';
export { identify, isRunning, type ProcessIdentity } from './infrastructure/process-identity.js';
export { reasonOf } from './infrastructure/reason-of.js';
export { repositoryRoot } from './infrastructure/repository-root.js';
export { openTemporaryDirectory, sweepAbandonedDirectories } from './infrastructure/temporary-directory.js';
export type { Log, Server, ServerKind } from './infrastructure/server.js';
export { NUMBERED_ID, numberedId, StatementPlans } from './statement-plans.js';
export { createTestDatabase, type TestDatabase } from './test-database.js';
