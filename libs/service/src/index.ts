/**
 * What every service has: a validated environment, Prisma options, HTTP with strict validation and RFC 9457 problems,
 * health, OpenAPI, the operator's key, books that can be audited, and an orderly start and stop.
 *
 * Guarantees: a wrong environment stops the process with a sentence that names the variable; every HTTP error is a problem
 * that shows nothing of the inside; a stop by signal ends within ten seconds; an error that nobody caught ends the process
 * loudly.
 *
 * Doesn't start a process that ended again: that is the launcher's or the platform's task.
 */
export { configureHttp, httpAdapter } from './application/http-application.js';
export { exampleOf } from './api-document/example-of.js';
export type { JsonSchema } from './api-document/json-schema.js';
export { schemaOf } from './api-document/schema-of.js';
export { limitRate } from './application/limit-rate.js';
export type { RateLimit } from './application/limit-rate.js';
export { openApiDocument } from './api-document/open-api.js';
export { runService } from './application/run-service.js';
export type { ServiceOptions } from './application/run-service.js';
export { AuditModule } from './audit/audit.module.js';
export type { Books } from './audit/books.js';
export { driftSql } from './audit/books.js';
export { ConfigurationError } from './configuration/configuration-error.js';
export { EnvironmentModule } from './configuration/environment.module.js';
export { readEnvironment } from './configuration/read-environment.js';
export { policiesFrom, SagaEnvironment } from './configuration/saga-environment.js';
export { ServiceEnvironment } from './configuration/service-environment.js';
export { WholeNumber } from './configuration/whole-number.js';
export { WholeNumberOrForever } from './configuration/whole-number-or-forever.js';
export { migrationsState } from './database/migrations.js';
export type { MigrationsState } from './database/migrations.js';
export { databaseUrlOf, prismaOptions } from './database/prisma-options.js';
export type { HealthChecks } from './health/health-checks.js';
export { HealthModule } from './health/health.module.js';
export { OperatorKeyGuard } from './operator/operator-key.guard.js';
export { ApiProblems } from './problem/api-problem.js';
export {
  conflict,
  forbidden,
  invalid,
  notFound,
  ProblemException,
  tooManyRequests,
  unauthorized,
  unprocessable,
  unavailable,
} from './problem/problem.exception.js';
export { ProblemFilter } from './problem/problem.filter.js';
export { FieldError, Problem } from './problem/problem.js';
export { strictValidationPipe } from './problem/strict-validation.pipe.js';
export { isUuid } from './problem/uuid.js';
