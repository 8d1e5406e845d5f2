import type { Operation, Rejection } from '../inputs.js';

/** What whoever speaks knows of a saga: all that a listener needs to build a command of its own. */
export interface Knowledge {
  readonly input: unknown;
  /** Of the steps that are done, by name. */
  readonly results: Readonly<Record<string, object>>;
}

/** An undo that is still to come. */
export interface UndoToCome {
  readonly step: string;
  /** The epoch of the action that it undoes. */
  readonly undoes: number;
}

/** How far the way back has come. */
export interface WayBack {
  /** Steps that are undone, in the order in which they were. */
  readonly undone: readonly string[];
  /** Steps that come next, in order. The first of them is undone by whoever hears this. */
  readonly rest: readonly UndoToCome[];
}

interface OfStep {
  readonly step: string;
  readonly epoch: number;
}

/**
 * What is said aloud about a choreographed saga; everybody who has a part in it listens, and acts on what concerns them.
 *
 * The caller's side says `started` and `requested`; the participants say what became of their steps; the owner says `asked`
 * and `undo-asked` where nobody would act otherwise.
 */
export type Fact =
  | (Knowledge & { readonly type: 'started' })
  /** A step is done; its own result is among the results. */
  | (Knowledge & OfStep & { readonly type: 'succeeded' })
  | (Knowledge & OfStep & { readonly type: 'rejected'; readonly rejection: Rejection })
  | (Knowledge & OfStep & { readonly type: 'asked'; readonly attempt: number })
  | (WayBack & OfStep & { readonly type: 'undo-asked'; readonly attempt: number; readonly undoes: number })
  | (WayBack & OfStep & { readonly type: 'compensated' })
  | (WayBack & OfStep & { readonly type: 'undo-refused'; readonly rejection: Rejection })
  /** A person wishes something done about it. */
  | (Knowledge & {
      readonly type: 'requested';
      readonly operation: Operation;
      readonly actor: string;
      readonly reason: string;
    });

export type FactType = Fact['type'];

/** The topic of a fact: `trip-booking.started`, `trip-booking.flight.succeeded`. */
export function topicOf(saga: string, fact: Pick<Fact, 'type'> & { readonly step?: string }): string {
  return fact.step === undefined ? `${saga}.${fact.type}` : `${saga}.${fact.step}.${fact.type}`;
}
