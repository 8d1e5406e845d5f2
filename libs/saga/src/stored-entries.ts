import type { SagaEvent } from './core/index.js';
import type { Cause, HistoryEntry } from './saga-record.js';

/** An entry as it is kept. */
export type StoredEntry = Omit<HistoryEntry, 'cause'> & {
  /** That of the entry before where it is left out: what follows from one input has one cause. */
  readonly cause?: Cause;
};

/** What is kept of a transition's entries: nothing twice, and no input, which is with the instance. */
export function storedEntries(entries: readonly HistoryEntry[]): StoredEntry[] {
  return entries.map(({ cause, ...entry }, index) => ({
    ...entry,
    event: withoutInput(entry.event),
    ...(cause !== entries[index - 1]?.cause && { cause }),
  }));
}

/** The entries again, as long as they aren't those of the beginning: these need the input. */
export function entriesOf(stored: readonly StoredEntry[]): HistoryEntry[] {
  let last: Cause | undefined;
  return stored.map((entry) => {
    last = entry.cause ?? last;
    if (!last) throw new Error('A history entry has no cause');
    return { ...entry, cause: last };
  });
}

function withoutInput(event: SagaEvent): SagaEvent {
  return event.type === 'SagaStarted' ? { ...event, input: undefined } : event;
}
