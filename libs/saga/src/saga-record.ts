import type { SagaEvent, SagaState, SagaStatus } from './core/index.js';
import type { JournalMark } from './journal.js';

/** What made a transition happen. */
export interface Cause {
  readonly kind: 'request' | 'reply' | 'fact' | 'deadline' | 'parent' | 'lock' | 'operator';
  /** Of a reply, a fact or a parent's command: its message id. */
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
  /** When the owner of a choreographed saga recorded it, by its own clock; ISO 8601. */
  readonly at?: string;
}

/** Who asked for an instance. */
export interface Opening {
  /** To whom it belongs. */
  readonly owner?: string;
  /** About whom or what it is, so that it can be found by that: an e-mail address, say. In any case of letters. */
  readonly subject?: string;
  readonly key?: StartKey;
}

/** By which a start can be asked for again without beginning a second instance. */
export interface StartKey {
  /** Of the owner's choosing; owners don't share keys. */
  readonly key: string;
  /** Of what was asked for: under the same key it has to be the same. */
  readonly fingerprint: string;
  /** What whoever asked is told, if that is known already; see `Sagas.answerStart`. */
  readonly answer?: object;
}

/** What became of a key that is taken. */
export interface TakenKey {
  readonly sagaId: string;
  readonly fingerprint: string;
  readonly answer?: object;
}

/** Who moves a saga on: an orchestrator, or its participants by themselves. */
export type Coordination = 'orchestration' | 'choreography';

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
  readonly coordination: Coordination;
  readonly revision: number;
  readonly state: SagaState;
  /** Of a saga that others decide on: how far they have been followed. */
  readonly journal?: JournalMark;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly endedAt?: Date;
}

/** An instance with its whole history. */
export interface SagaRecord extends SagaInstance {
  readonly status: SagaStatus;
  /** To whom it belongs, if that was said when it was started; of a child, to whom its parent does. */
  readonly owner?: string;
  readonly input: unknown;
  readonly history: readonly HistoryRow[];
}
