import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { HistoryEntry } from './saga-record.js';
import { entriesOf, storedEntries } from './stored-entries.js';

const event = fc.constantFrom(
  { type: 'SagaCompleted' },
  { type: 'StepStarted', step: 'flight', epoch: 0, attempt: 1 },
);
const cause = fc.constantFrom({ kind: 'request' }, { kind: 'reply', messageId: 'a' }, { kind: 'deadline' });
const entries = fc.array(fc.record({ event, cause })) as unknown as fc.Arbitrary<HistoryEntry[]>;

describe('entries as they are kept', () => {
  it('are the same again when they are read', () => {
    fc.assert(
      fc.property(entries, (told) => {
        const text = JSON.stringify(storedEntries(told));
        expect(entriesOf(JSON.parse(text) as never)).toEqual(told);
      }),
    );
  });

  it('name what caused several of them once', () => {
    const [first, other] = [{ kind: 'request' }, { kind: 'deadline' }] as const;
    const told = [first, first, other, first].map((cause) => ({ event: { type: 'SagaCompleted' }, cause }));
    const causes = storedEntries(told as HistoryEntry[]).map((entry) => entry.cause);
    expect(causes).toEqual([first, undefined, other, first]);
  });

  it('have no input', () => {
    const started = { event: { type: 'SagaStarted', input: { secret: 1 } }, cause: { kind: 'request' } };
    expect(JSON.stringify(storedEntries([started] as unknown as HistoryEntry[]))).not.toContain('secret');
  });

  it('are those of an earlier version, too, in which each has its cause', () => {
    const kept = [
      { event: { type: 'SagaCompleted' }, cause: { kind: 'request' } },
      { event: { type: 'SagaCompleted' }, cause: { kind: 'request' } },
    ] as HistoryEntry[];
    expect(entriesOf(kept)).toEqual(kept);
  });

  it('must have one cause to begin with', () => {
    expect(() => entriesOf([{ event: { type: 'SagaCompleted' } }] as never)).toThrow('no cause');
  });
});
