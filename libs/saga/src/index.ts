/**
 * Sagas for NestJS: a definition, a module and a service.
 *
 * Guarantees: a saga whose start has resolved reaches an end state or is visibly STUCK, whatever crashes; a transition,
 * its history and its commands are one transaction; of several orchestrators on one database only one moves an instance
 * on at a time; a running instance keeps the definition that it began with; time is the database's.
 *
 * Doesn't guarantee isolation between sagas: others see a reservation that may still be cancelled. Semantic locks keep
 * sagas that ask for them apart, and only those (docs/isolation.md).
 */
export { DEFAULT_POLICIES, hasEnded, saga, stepsOf, stepState } from './core/index.js';
export type {
  ChildResult,
  CommandClass,
  Failure,
  Operation,
  Policies,
  Policy,
  Rejection,
  SagaDefinition,
  SagaEvent,
  SagaState,
  SagaStatus,
  StepState,
} from './core/index.js';
export type { Pause } from './admission.js';
export { childSagaId } from './child-work.js';
export { checkDefinitions } from './check-definitions.js';
export type { DefinitionCheck } from './check-definitions.js';
export type { InFlight } from './definition-store.js';
export { SagaOwner } from './saga-owner.js';
export { SagaOwnerModule } from './saga-owner.module.js';
export type { SagaOwnerModuleAsyncOptions, SagaOwnerModuleOptions } from './saga-owner.module.js';
export {
  OperationRefused,
  SagaPaused,
  SagaUnavailable,
  TooBusy,
  StartKeyReused,
  UnknownSaga,
} from './errors.js';
export type { LockQueue } from './lock-store.js';
export type { OperationPlan, PlannedAnswer, PlannedCommand } from './operation-plan.js';
export { DEAD_LETTERS, SagaModule } from './saga.module.js';
export type { SagaModuleAsyncOptions, SagaModuleOptions } from './saga.module.js';
export type { Wait } from './waits.js';
export { recordAt } from './record-at.js';
export type { Cause, Coordination, HistoryEntry, HistoryRow, SagaRecord, StartKey } from './saga-record.js';
export type { SagaFilter } from './saga-filter.js';
export { Sagas } from './sagas.service.js';
export type { StartedOnce, StartOptions } from './saga-starts.js';
export type { OperationOutcome, Responsible } from './sagas.service.js';
