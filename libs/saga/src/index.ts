/**
 * Sagas for NestJS: a definition, a module and a service.
 *
 * Guarantees: a saga whose start has resolved reaches an end state or is visibly STUCK, whatever crashes; a transition,
 * its history and its commands are one transaction; of several orchestrators on one database only one moves an instance
 * on at a time; time is the database's.
 *
 * Doesn't guarantee isolation between sagas: others see a reservation that may still be cancelled.
 */
export { DEFAULT_POLICIES, hasEnded, saga, stepsOf, stepState } from './core/index.js';
export type {
  CommandClass,
  Failure,
  Policies,
  Policy,
  Rejection,
  SagaDefinition,
  SagaEvent,
  SagaState,
  SagaStatus,
  StepState,
} from './core/index.js';
export { SagaUnavailable } from './errors.js';
export { SagaModule } from './saga.module.js';
export type { SagaModuleAsyncOptions, SagaModuleOptions } from './saga.module.js';
export type { Cause, HistoryEntry, HistoryRow, SagaRecord } from './saga-record.js';
export type { SagaFilter } from './saga-store.js';
export { Sagas } from './sagas.service.js';
