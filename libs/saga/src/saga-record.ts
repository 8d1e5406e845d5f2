import type { SagaEvent, SagaState, SagaStatus } from './core/index.js';

/** What made a transition happen. */
export interface Cause {
  readonly kind: 'request' | 'reply' | 'deadline' | 'parent' | 'lock' | 'operator';
  /** Of a reply or a parent's command: its message id. */
  readonly messageId?: string;
  /** Of a deadline: the attempt that went unanswered. */
  readonly attempt?: number;
  /** Of an operator: what they did, who they are and why they did it. */
  readonly action?: string;
  readonly actor?: string;
  readonly reason?: string;
}

export interface HistoryEntry {
  readonly event: SagaEvent;
  readonly cause: Cause;
}

/** One revision of an instance: what happened in one transaction, in order. `at` is the database's time. */
export interface HistoryRow {
  readonly revision: number;
  readonly at: Date;
  readonly entries: readonly HistoryEntry[];
}

/** An instance as the database holds it. */
export interface SagaInstance {
  readonly id: string;
  readonly saga: string;
  readonly version: number;
  readonly definitionHash: string;
  readonly coordination: 'orchestration';
  readonly revision: number;
  readonly state: SagaState;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly endedAt?: Date;
}

/** An instance with its whole history. */
export interface SagaRecord extends SagaInstance {
  readonly status: SagaStatus;
  readonly input: unknown;
  readonly history: readonly HistoryRow[];
}
