import type { Direction } from './command.js';
import type { Rejection } from './inputs.js';
import type { Failure, ParkReason } from './state.js';

/** What happened to an instance, in the past tense: its history, from which its state follows. */
export type SagaEvent =
  | { readonly type: 'SagaStarted'; readonly input: unknown }
  | { readonly type: 'StepStarted'; readonly step: string; readonly epoch: number }
  | {
      readonly type: 'CommandRepeated';
      readonly step: string;
      readonly direction: Direction;
      readonly epoch: number;
      readonly attempt: number;
    }
  | { readonly type: 'StepSucceeded'; readonly step: string; readonly result: object }
  | { readonly type: 'StepRejected'; readonly step: string; readonly rejection: Rejection }
  /** `silence`: unanswered to the last attempt. `abandoned`: the saga turned back while the step was under way. */
  | { readonly type: 'StepLeftInDoubt'; readonly step: string; readonly because: 'silence' | 'abandoned' }
  | { readonly type: 'CompensationBegan'; readonly failure: Failure }
  | { readonly type: 'StepCompensationStarted'; readonly step: string; readonly epoch: number }
  | { readonly type: 'StepCompensated'; readonly step: string }
  | { readonly type: 'StepParked'; readonly step: string; readonly reason: ParkReason }
  | { readonly type: 'SagaStuck' }
  | { readonly type: 'SagaCompleted' }
  | { readonly type: 'SagaCompensated' };
