import type { Parent } from './child-saga.js';
import type { Direction } from './command.js';
import type { Operation, Rejection } from './inputs.js';
import type { Failure, ParkReason, SkipReason } from './state.js';

/** What happened to an instance, in the past tense: its history, from which its state follows. */
export type SagaEvent =
  | {
      readonly type: 'SagaStarted';
      readonly input: unknown;
      readonly parent?: Parent;
      readonly coordination?: 'choreography';
      /** Keys to be locked before the first step, in the order in which they are taken. */
      readonly locks?: readonly string[];
    }
  | { readonly type: 'LockRequested' | 'LockAcquired' | 'LockLost'; readonly key: string }
  | {
      readonly type: 'StepStarted';
      readonly step: string;
      readonly epoch: number;
      /** Above 1 when a step that could not be asked for again (a bug) is let try again under its own id. */
      readonly attempt: number;
    }
  | { readonly type: 'StepSkipped'; readonly step: string; readonly because: SkipReason }
  | {
      readonly type: 'CommandRepeated';
      readonly step: string;
      readonly direction: Direction;
      readonly epoch: number;
      readonly attempt: number;
    }
  | {
      readonly type: 'StepSucceeded';
      readonly step: string;
      readonly result: object;
      /** An operator said so, not the participant. */
      readonly byHand?: true;
    }
  | { readonly type: 'StepRejected'; readonly step: string; readonly rejection: Rejection }
  /**
   * `silence`: unanswered to the last attempt. `abandoned`: the saga turned back while the step was under way. `unheard`: in a
   * choreography it may have begun by itself, and nobody has heard of it yet.
   */
  | {
      readonly type: 'StepLeftInDoubt';
      readonly step: string;
      readonly because: 'silence' | 'abandoned' | 'unheard';
    }
  | { readonly type: 'CompensationBegan'; readonly failure: Failure }
  | {
      readonly type: 'StepCompensationStarted';
      readonly step: string;
      readonly epoch: number;
      /** Above 1 when an undo that was parked for silence is asked for once more. */
      readonly attempt: number;
    }
  | { readonly type: 'StepCompensated'; readonly step: string; readonly byHand?: true }
  | { readonly type: 'StepParked'; readonly step: string; readonly reason: ParkReason }
  /** An operator lets a parked step have another try, under this epoch. */
  | { readonly type: 'StepUnparked'; readonly step: string; readonly epoch: number }
  /** Somebody wishes something of a choreographed saga; its owner decides. */
  | {
      readonly type: 'OperationRequested';
      readonly operation: Operation;
      readonly actor: string;
      readonly reason: string;
    }
  /** The parent wants nothing to be left of this saga. */
  | { readonly type: 'UndoRequested'; readonly epoch: number }
  /** The parent asked once more after the end, as the answer was lost. */
  | { readonly type: 'ParentAnsweredAgain' }
  | { readonly type: 'SagaStuck' }
  | { readonly type: 'SagaResumed' }
  | { readonly type: 'SagaCompleted' }
  | { readonly type: 'SagaCompensated' };
