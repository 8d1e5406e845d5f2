/** Enough of a dead letter to know it by. */
export interface DeadLetterSummary {
  /**
   * The same each time it is listed, by whomever. Made of its queue, its properties, the time of its parking and its content, as
   * several may have one `messageId`. Letters that are alike in all of it share an id. Parked anew, a message has another.
   */
  readonly id: string;
  /** Logical name of the queue that it came from. */
  readonly queue: string;
  /** Why it was parked. */
  readonly reason: string;
  /** By the clock of whoever parked it; `null` if that wasn't noted. */
  readonly parkedAt: Date | null;
  readonly messageId?: string;
  readonly correlationId?: string;
  readonly type?: string;
  /** How often it had gone back to its queue before it was parked. 0, too, where nobody counts. */
  readonly returns: number;
  /** Of the whole payload. */
  readonly bytes: number;
}

/** A message that couldn't be worked on, and was put aside. */
export interface DeadLetter extends DeadLetterSummary {
  /** As they were before it was parked, but for what a broker adds on its own. */
  readonly headers: Readonly<Record<string, unknown>>;
  /** Cut after 16 KiB. */
  readonly payload: string;
  /** `base64` if the whole payload isn't UTF-8. */
  readonly encoding: 'utf8' | 'base64';
}

/** The letter without what may be long. */
export function summaryOf(letter: DeadLetter): DeadLetterSummary {
  const { headers: _, payload: __, encoding: ___, ...summary } = letter;
  return summary;
}
