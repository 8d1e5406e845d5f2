import type { Parent } from './child-saga.js';
import type { CommandKey } from './command.js';
import type { Rejection } from './inputs.js';

export type SagaStatus = 'RUNNING' | 'COMPENSATING' | 'STUCK' | 'COMPLETED' | 'COMPENSATED';

/** Why the saga turned back. */
export interface Failure {
  /** The step that was refused or in doubt; none when the saga was cancelled or took too long. */
  readonly step?: string;
  readonly code: string;
  readonly message: string;
}

/** How the action of a step went so far; kept while the step is undone. */
export interface ActionTrace {
  readonly epoch: number;
  /** 0 when it has never been asked for. */
  readonly attempt: number;
  /** The first attempt since an operator's retry; 1 if not said. */
  readonly since?: number;
  /** Set when it is done. */
  readonly result?: object;
}

/** The compensation that is or was under way. */
export interface UndoTrace {
  readonly epoch: number;
  readonly attempt: number;
  /** The first attempt since an operator's retry; 1 if not said. */
  readonly since?: number;
}

/** Why a step waits for an operator. */
export type ParkReason =
  | { readonly kind: 'silence' }
  | { readonly kind: 'rejection'; readonly rejection: Rejection }
  /**
   * The definition's own code threw when it was asked for a condition or a payload. Mostly before the step was asked for;
   * if it was already (a release has broken it since), the answer still counts.
   */
  | { readonly kind: 'bug'; readonly message: string };

/** `abandoned`: it had never begun when the saga turned back. */
export type SkipReason = 'condition' | 'operator' | 'abandoned';

/**
 * A step has three outcomes: done (SUCCEEDED), refused (REJECTED) and in doubt (IN_DOUBT).
 * Undoing starts from the first and the last alike.
 */
export type StepState =
  /** With a trace when an operator lets it try again. */
  | { readonly status: 'PENDING'; readonly action?: ActionTrace }
  | {
      readonly status: 'SKIPPED';
      readonly because: SkipReason;
      readonly action?: ActionTrace;
      readonly undo?: UndoTrace;
    }
  | { readonly status: 'EXECUTING'; readonly action: ActionTrace }
  | { readonly status: 'SUCCEEDED'; readonly action: ActionTrace & { readonly result: object } }
  | { readonly status: 'REJECTED'; readonly action: ActionTrace; readonly rejection: Rejection }
  /** With the trace of an undo when an operator lets that try again. */
  | { readonly status: 'IN_DOUBT'; readonly action: ActionTrace; readonly undo?: UndoTrace }
  | {
      readonly status: 'COMPENSATING' | 'COMPENSATED';
      readonly action: ActionTrace;
      readonly undo: UndoTrace;
    }
  | {
      readonly status: 'STUCK';
      /** Absent when the step could not even begin. */
      readonly action?: ActionTrace;
      /** Absent when it is the action that is parked. */
      readonly undo?: UndoTrace;
      readonly reason: ParkReason;
    };

/** The locks of an instance: taken one after another, so that two sagas can't wait for each other. */
export interface Locks {
  /** In order. */
  readonly keys: readonly string[];
  /** How many of them have been acquired. */
  readonly taken: number;
  /** Whether the next one has been asked for. */
  readonly waiting: boolean;
  /** Those whose lease ended, and that went to somebody else. */
  readonly lost?: readonly string[];
}

export interface SagaState {
  readonly status: SagaStatus;
  readonly input: unknown;
  /** By step name; a step that isn't named is still PENDING. */
  readonly steps: Readonly<Record<string, StepState>>;
  readonly failure?: Failure;
  /** The participants move it on by themselves; else it is orchestrated. */
  readonly coordination?: 'choreography';
  /** Of a child saga. */
  readonly parent?: Parent;
  readonly locks?: Locks;
}

const PENDING: StepState = { status: 'PENDING' };

export function stepState(state: SagaState, name: string): StepState {
  return Object.hasOwn(state.steps, name) ? (state.steps[name] ?? PENDING) : PENDING;
}

/** Whether the saga has ended; for good, unless it is a child whose parent turns back. */
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

/** Whether it is an action that is parked because the definition's own code threw. */
export function isParkedForBug(step: StepState): step is Extract<StepState, { status: 'STUCK' }> {
  return step.status === 'STUCK' && step.reason.kind === 'bug' && !step.undo;
}

/** Whether it is an action that was asked for, and is parked because it couldn't be asked for again. */
export function isInDoubtForBug(
  step: StepState,
): step is Extract<StepState, { status: 'STUCK' }> & { readonly action: ActionTrace } {
  return isParkedForBug(step) && step.action !== undefined && step.action.attempt > 0;
}

/** Whether it is an undo that is parked: the saga goes back past it, but can't end. */
export function isParkedUndo(step: StepState): boolean {
  return step.status === 'STUCK' && step.undo !== undefined;
}

/** The attempt that the present round of asking began with. */
export function firstAttempt(step: StepState): number {
  if (step.status === 'COMPENSATING') return step.undo.since ?? 1;
  return step.status === 'EXECUTING' ? (step.action.since ?? 1) : 1;
}
