import type { CommandKey } from './command.js';
import type { Rejection } from './inputs.js';

export type SagaStatus = 'RUNNING' | 'COMPENSATING' | 'STUCK' | 'COMPLETED' | 'COMPENSATED';

/** Why the saga turned back. */
export interface Failure {
  readonly step: string;
  readonly code: string;
  readonly message: string;
}

/** How the action of a step went so far; kept while the step is undone. */
export interface ActionTrace {
  readonly epoch: number;
  readonly attempt: number;
  /** Set when the participant said that it is done. */
  readonly result?: object;
}

/** The compensation that is or was under way. */
export interface UndoTrace {
  readonly epoch: number;
  readonly attempt: number;
}

/** Why a step waits for an operator. */
export type ParkReason =
  { readonly kind: 'silence' } | { readonly kind: 'rejection'; readonly rejection: Rejection };

/**
 * A step has three outcomes: done (SUCCEEDED), refused (REJECTED) and in doubt (IN_DOUBT).
 * Undoing starts from the first and the last alike.
 */
export type StepState =
  | { readonly status: 'PENDING' | 'SKIPPED' }
  | { readonly status: 'EXECUTING'; readonly action: ActionTrace }
  | { readonly status: 'SUCCEEDED'; readonly action: ActionTrace & { readonly result: object } }
  | { readonly status: 'REJECTED'; readonly action: ActionTrace; readonly rejection: Rejection }
  | { readonly status: 'IN_DOUBT'; readonly action: ActionTrace }
  | {
      readonly status: 'COMPENSATING' | 'COMPENSATED';
      readonly action: ActionTrace;
      readonly undo: UndoTrace;
    }
  | {
      readonly status: 'STUCK';
      readonly action: ActionTrace;
      /** Absent when it is the action of a retriable step that is parked. */
      readonly undo?: UndoTrace;
      readonly reason: ParkReason;
    };

export interface SagaState {
  readonly status: SagaStatus;
  readonly input: unknown;
  /** By step name; a step that isn't named is still PENDING. */
  readonly steps: Readonly<Record<string, StepState>>;
  readonly failure?: Failure;
}

const PENDING: StepState = { status: 'PENDING' };

export function stepState(state: SagaState, name: string): StepState {
  return Object.hasOwn(state.steps, name) ? (state.steps[name] ?? PENDING) : PENDING;
}

/** Whether the saga has ended for good. */
export function hasEnded(state: SagaState): boolean {
  return state.status === 'COMPLETED' || state.status === 'COMPENSATED';
}

/** The command a step waits for, with its current attempt; `undefined` when it waits for none. */
export function pendingCommand(
  state: SagaState,
  name: string,
): (CommandKey & { readonly attempt: number }) | undefined {
  const step = stepState(state, name);
  if (step.status === 'EXECUTING') {
    return { step: name, direction: 'action', epoch: step.action.epoch, attempt: step.action.attempt };
  }
  if (step.status === 'COMPENSATING') {
    return { step: name, direction: 'compensation', epoch: step.undo.epoch, attempt: step.undo.attempt };
  }
  return undefined;
}
