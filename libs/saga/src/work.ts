import { WHOLE_SAGA, type SagaState, type Verdict } from './core/index.js';
import type { RegisteredDefinition } from './definition-registry.js';
import type { Opening } from './saga-record.js';
import type { DueDeadline } from './saga-store.js';
import type { CausedInput, Transition } from './transition.js';

/** An input on its way into an instance, and who wants to know what became of it. */
export interface Work extends CausedInput {
  readonly sagaId: string;
  /** The definition to begin with if there is no such instance yet. */
  readonly begins?: RegisteredDefinition;
  /** The broker's user who has sent it, if it came by the broker and that can be told. */
  readonly sender?: string;
  /** Who begins it. */
  readonly opening?: Opening;
  /** Whether a person waits for what becomes of it: then it is refused rather than kept while the database is away. */
  readonly isUrgent?: boolean;
  /** Called once, after the commit; with an error when the input can never be handled. */
  readonly settle: (error: Error | undefined, outcome?: Settled) => void;
}

/** What became of an input: the transition that it was part of, if it changed anything. */
export interface Settled {
  readonly transition?: Transition;
  readonly at?: Date;
  /** The instance as it stands now, if there is one. */
  readonly state?: SagaState;
  /** Of an operation. */
  readonly verdict?: Verdict;
}

/** In order of arrival, but replies before deadlines: what was answered in time isn't punished for a slow batch. */
export function groupBySaga(batch: readonly Work[]): Map<string, Work[]> {
  const groups = new Map<string, Work[]>();
  for (const late of [false, true]) {
    for (const work of batch) {
      const isDeadline = work.input.type === 'deadline' || work.input.type === 'saga-deadline';
      if (isDeadline !== late) continue;
      const group = groups.get(work.sagaId);
      if (group) group.push(work);
      else groups.set(work.sagaId, [work]);
    }
  }
  return groups;
}

/** The deadline that an input is about, if it is about one. */
export function deadlineOf({ sagaId, input }: Work): DueDeadline[] {
  if (input.type === 'saga-deadline')
    return [{ sagaId, step: WHOLE_SAGA, direction: 'action', epoch: 0, attempt: 1 }];
  if (input.type !== 'deadline') return [];
  const { step, direction, epoch } = input.command;
  return [{ sagaId, step, direction, epoch, attempt: input.attempt }];
}
