import type { Parent } from './child-saga.js';
import type { Fact } from './choreography/fact.js';
import type { CommandKey } from './command.js';

/** A business "no": a reply like any other. */
export interface Rejection {
  /** Stable, UPPER_SNAKE_CASE: callers branch on it. */
  readonly code: string;
  /** For people. */
  readonly message: string;
}

export type Outcome =
  | { readonly kind: 'done'; readonly result: object }
  | { readonly kind: 'rejected'; readonly rejection: Rejection };

/** What a person can do about an instance. */
export type Operation =
  /** Asks again for a step that is STUCK. */
  | { readonly action: 'retry'; readonly step: string }
  /** Goes on without a step that is STUCK, or a retriable one that doesn't answer. What it may have done stays. */
  | { readonly action: 'skip'; readonly step: string }
  /** Takes a step for done, or undone, because somebody has seen to it. */
  | { readonly action: 'mark-done'; readonly step: string; readonly result?: object }
  /** Turns back although nothing has failed; `cancel` is the caller's word, `compensate` an operator's. */
  | { readonly action: 'compensate' | 'cancel' };

/** All that can happen to an instance from outside. */
export type SagaInput =
  | {
      readonly type: 'start';
      readonly input: unknown;
      readonly parent?: Parent;
      /** The participants move the saga on by themselves; else it is orchestrated. */
      readonly coordination?: 'choreography';
    }
  /** A participant of a choreographed saga has said what it did. */
  | { readonly type: 'fact'; readonly fact: Fact }
  | { readonly type: 'reply'; readonly command: CommandKey; readonly outcome: Outcome }
  | { readonly type: 'deadline'; readonly command: CommandKey; readonly attempt: number }
  /** The whole saga has taken too long. */
  | { readonly type: 'saga-deadline' }
  /** The parent turns back. `parent` names it, in case the child hasn't begun; its `undoEpoch` is set. */
  | { readonly type: 'undo'; readonly parent: Parent & { readonly undoEpoch: number } }
  /** A lock was given to the instance, or its lease ended and somebody else has it now. */
  | { readonly type: 'lock'; readonly key: string; readonly change: 'acquired' | 'lost' }
  | {
      readonly type: 'operation';
      readonly operation: Operation;
      readonly actor: string;
      readonly reason: string;
    };
