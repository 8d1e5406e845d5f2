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

/** All that can happen to an instance from outside. */
export type SagaInput =
  | { readonly type: 'start'; readonly input: unknown }
  | { readonly type: 'reply'; readonly command: CommandKey; readonly outcome: Outcome }
  | { readonly type: 'deadline'; readonly command: CommandKey; readonly attempt: number };
