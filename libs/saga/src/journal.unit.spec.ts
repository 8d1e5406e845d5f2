import { describe, expect, it } from '@jest/globals';
import { follow, readJournal, type Journal, type JournalMark } from './journal.js';
import type { HistoryEntry } from './saga-record.js';

const entry = (step: string): HistoryEntry => ({
  event: { type: 'StepSucceeded', step, result: {} },
  cause: { kind: 'fact', messageId: step },
});
const told = (revision: number): Journal => ({ revision, entries: [entry(`r${revision}`)] });

/** What is recorded when the owner's words come in this order. */
function hear(...revisions: readonly number[]) {
  let mark: JournalMark | undefined;
  const recorded = revisions.map((revision) => {
    const followed = follow(mark, told(revision));
    mark = followed.mark;
    return followed.entries.map(({ cause }) => cause.messageId);
  });
  return { recorded, mark };
}

describe('following an owner', () => {
  it('records its words in their order', () => {
    expect(hear(1, 2, 3)).toEqual({ recorded: [['r1'], ['r2'], ['r3']], mark: { heard: 3, early: {} } });
  });

  it('keeps what comes early until its turn', () => {
    const { recorded, mark } = hear(1, 4, 3);
    expect(recorded).toEqual([['r1'], [], []]);
    expect(Object.keys(mark!.early)).toEqual(['3', '4']);
    expect(hear(1, 4, 3, 2)).toEqual({
      recorded: [['r1'], [], [], ['r2', 'r3', 'r4']],
      mark: { heard: 4, early: {} },
    });
  });

  it('hears nothing twice', () => {
    expect(hear(1, 2, 2, 1)).toEqual({ recorded: [['r1'], ['r2'], [], []], mark: { heard: 2, early: {} } });
    expect(hear(1, 3, 3, 2).recorded.flat()).toEqual(['r1', 'r2', 'r3']);
  });
});

describe('an owner’s word', () => {
  it.each<[string, object]>([
    ['no revision', { entries: [] }],
    ['no whole revision', { revision: 1.5, entries: [] }],
    ['a revision before the first', { revision: 0, entries: [] }],
    ['no entries', { revision: 1 }],
    ['an entry that is none', { revision: 1, entries: [null] }],
    ['an event without a type', { revision: 1, entries: [{ event: {}, cause: {} }] }],
  ])('is none with %s', (_case, body) => {
    expect(readJournal(body)).toBeUndefined();
  });

  it('is read as it was said', () => {
    expect(readJournal(JSON.parse(JSON.stringify(told(2))) as object)).toEqual(told(2));
  });
});
