import { DEFAULT_POLICIES, type Policies } from '@clew/saga/core';
import { ServiceEnvironment } from './service-environment.js';
import { WholeNumber } from './whole-number.js';
import { WholeNumberOrForever } from './whole-number-or-forever.js';

/**
 * Of a service that decides on sagas: how patient it is with participants and how long it remembers, besides what every
 * service reads.
 */
export class SagaEnvironment extends ServiceEnvironment {
  /** Milliseconds until the first attempt of a command counts as unanswered; each further one waits twice as long. */
  @WholeNumber({ min: 10, max: 3_600_000 })
  CLEW_STEP_TIMEOUT_MS = DEFAULT_POLICIES.action.timeoutMs;

  /** The longest wait for one attempt, in milliseconds. */
  @WholeNumber({ min: 10, max: 86_400_000 })
  CLEW_STEP_MAX_TIMEOUT_MS = DEFAULT_POLICIES.action.maxTimeoutMs;

  /** Attempts of an action until it is in doubt and the saga turns back. */
  @WholeNumber({ min: 1, max: 1_000 })
  CLEW_STEP_ATTEMPTS = DEFAULT_POLICIES.action.attempts;

  /** Attempts of a compensation until it is parked for an operator. */
  @WholeNumber({ min: 1, max: 100_000 })
  CLEW_COMPENSATION_ATTEMPTS = DEFAULT_POLICIES.compensation.attempts;

  /** Hours that a saga is kept after its end, history and all; its participants forget it then too. */
  @WholeNumberOrForever({ min: 48, max: 876_000 })
  CLEW_SAGA_RETENTION_HOURS = 720;
}

/** The same patience for actions and compensations; only how often they are asked differs. */
export function policiesFrom(environment: SagaEnvironment): Policies {
  const waits = {
    timeoutMs: environment.CLEW_STEP_TIMEOUT_MS,
    maxTimeoutMs: environment.CLEW_STEP_MAX_TIMEOUT_MS,
  };
  return {
    action: { ...DEFAULT_POLICIES.action, ...waits, attempts: environment.CLEW_STEP_ATTEMPTS },
    compensation: {
      ...DEFAULT_POLICIES.compensation,
      ...waits,
      attempts: environment.CLEW_COMPENSATION_ATTEMPTS,
    },
  };
}
