import type { Answer } from '@clew/envelope';
import type { FenceRow } from './fence-rows.js';

/** Rejection code of an action whose compensation came first. */
export const CANCELLED_BEFORE = 'CANCELLED_BEFORE';

/** What is to be done with a command. */
export type Verdict =
  /** Its handler runs. */
  | { readonly kind: 'run' }
  /** It is answered without its handler; the answer goes into its row if it has just been inserted. */
  | { readonly kind: 'answer'; readonly answer: Answer; readonly record: boolean };

/**
 * Judges an action by the row that was there under its key; `undefined` if none was, and its own has been inserted now.
 *
 * @throws Error if no program of ours can have left such a row
 */
export function judgeAction(own: FenceRow | undefined): Verdict {
  if (own === undefined) return { kind: 'run' };
  if (own.outcome === 'tombstone') {
    const message = 'The step was cancelled before this command came';
    return {
      kind: 'answer',
      answer: { outcome: 'rejected', body: { code: CANCELLED_BEFORE, message } },
      record: false,
    };
  }
  return { kind: 'answer', answer: storedAnswer(own), record: false };
}

/**
 * Judges a compensation by the rows that were there under its own key and under that of its action; `undefined` if none was.
 * Without one of the action its tombstone has been inserted now: the action will never run.
 *
 * @throws Error if no program of ours can have left such rows
 */
export function judgeCompensation(own: FenceRow | undefined, action: FenceRow | undefined): Verdict {
  if (own !== undefined) return { kind: 'answer', answer: storedAnswer(own), record: false };
  if (action !== undefined && action.outcome === null) throw unfinished();
  if (action?.outcome === 'done') return { kind: 'run' };
  return { kind: 'answer', answer: { outcome: 'done', body: {} }, record: true };
}

function storedAnswer({ outcome, reply }: FenceRow): Answer {
  if ((outcome !== 'done' && outcome !== 'rejected') || reply === null) throw unfinished();
  return { outcome, body: reply } as Answer;
}

function unfinished(): Error {
  return new Error(
    'Its row in the fence has no outcome or no reply, though it is committed; has it been edited by hand?',
  );
}
