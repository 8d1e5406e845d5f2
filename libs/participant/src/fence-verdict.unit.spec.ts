import { describe, expect, it } from '@jest/globals';
import type { FenceRow } from './fence-rows.js';
import { CANCELLED_BEFORE, judgeAction, judgeCompensation } from './fence-verdict.js';

const done: FenceRow = { outcome: 'done', reply: { reservationId: 'r1' } };
const rejected: FenceRow = { outcome: 'rejected', reply: { code: 'FLIGHT_SOLD_OUT', message: 'Sold out' } };
const tombstone: FenceRow = { outcome: 'tombstone', reply: null };
const unfinished: FenceRow = { outcome: null, reply: null };
const nothingToUndo = { kind: 'answer', answer: { outcome: 'done', body: {} }, record: true };

describe('an action', () => {
  it('runs if it is the first under its key', () => {
    expect(judgeAction(undefined)).toEqual({ kind: 'run' });
  });

  it.each([done, rejected])('is answered as before if it was $outcome', (row) => {
    const answer = { outcome: row.outcome, body: row.reply };
    expect(judgeAction(row)).toEqual({ kind: 'answer', answer, record: false });
  });

  it('is refused, and leaves the tombstone alone, if its compensation came first', () => {
    expect(judgeAction(tombstone)).toMatchObject({
      kind: 'answer',
      answer: { outcome: 'rejected', body: { code: CANCELLED_BEFORE } },
      record: false,
    });
  });

  it.each([unfinished, { ...done, reply: null }])("is not judged by a row that can't be (%j)", (row) => {
    expect(() => judgeAction(row)).toThrow('edited by hand');
  });
});

describe('a compensation', () => {
  it('runs if its action was done', () => {
    expect(judgeCompensation(undefined, done)).toEqual({ kind: 'run' });
  });

  it.each([
    ['never came', undefined],
    ['was refused', rejected],
    ['was cancelled by another epoch before', tombstone],
  ])('has nothing to undo if its action %s', (_case, action) => {
    expect(judgeCompensation(undefined, action)).toEqual(nothingToUndo);
  });

  it.each([undefined, done, rejected, tombstone])(
    'is answered as before if it was handled, whatever its action (%j)',
    (action) => {
      for (const own of [{ outcome: 'done', reply: {} } as const, rejected]) {
        const answer = { outcome: own.outcome, body: own.reply };
        expect(judgeCompensation(own, action)).toEqual({ kind: 'answer', answer, record: false });
      }
    },
  );

  it("is not judged by rows that can't be", () => {
    expect(() => judgeCompensation(tombstone, undefined)).toThrow('edited by hand');
    expect(() => judgeCompensation(unfinished, done)).toThrow('edited by hand');
    expect(() => judgeCompensation(undefined, unfinished)).toThrow('edited by hand');
  });
});
