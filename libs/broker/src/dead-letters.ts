import type { DeadLetter, DeadLetterSummary } from './dead-letter.js';
import type { DeadLetterSelection } from './dead-letter-selection.js';

/**
 * What people do with dead letters. Needs a connection only while one of these calls runs; calls of one object run one after
 * another. A letter that somebody else has in hand at this moment isn't found: ask again.
 *
 * Every call rejects with `BrokerUnavailable` if the broker is away, and with a RangeError for a queue that isn't one of `queues`.
 */
export interface DeadLetters {
  /** Logical names of the queues whose dead letters these are. */
  readonly queues: readonly string[];
  /** How many there are of each queue. */
  counts(): Promise<Record<string, number>>;
  /**
   * Looks at letters, oldest first within a queue; those of the same millisecond in an order that stays. Takes nothing away,
   * however often it is called. Shows less than the limit where the letters are huge or the broker is slow. Of a queue with
   * hundreds of letters they may not be the very oldest.
   *
   * @param limit how many letters at the most; from 1 to 200
   */
  list(selection: DeadLetterSelection, limit: number): Promise<DeadLetterPage>;
  /**
   * Sends letters back to the very queue that each came from, whichever way it had got there, as if they had never been parked:
   * deliveries count afresh. A letter is taken away only after its copy is confirmed in its queue; after a crash it may be in
   * both, and is in neither never. One that can't be sent stays. Those that are parked while this runs stay, too.
   */
  redrive(selection: DeadLetterSelection): Promise<DeadLettersMoved>;
  /** Throws letters away, and gives back which. */
  discard(selection: DeadLetterSelection): Promise<DeadLettersMoved>;
  /** For good. What is under way is given up, its letters staying. */
  close(): Promise<void>;
}

export interface DeadLetterPage {
  readonly letters: DeadLetter[];
  /** How many letters the selection covers: those of its queues, or those of its ids that were found. */
  readonly matched: number;
}

/** What has come of redriving or discarding. Some may be left: call it again. */
export interface DeadLettersMoved {
  /** As `DeadLetterPage` has it, when it began. */
  readonly matched: number;
  readonly done: DeadLetterSummary[];
}
