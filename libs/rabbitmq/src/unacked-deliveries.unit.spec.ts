import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { UnackedDeliveries } from './unacked-deliveries.js';

describe('acks of a batch', () => {
  let book: UnackedDeliveries;
  beforeEach(() => {
    book = new UnackedDeliveries();
  });

  it('are one frame when everything up to the highest is settled', () => {
    expect(book.settle([1, 2, 3])).toEqual({ upTo: 3, singly: [] });
    expect(book.settle([6, 4, 5])).toEqual({ upTo: 6, singly: [] });
  });

  it('go one by one beyond a delivery that is still being worked on', () => {
    expect(book.settle([2, 3])).toEqual({ upTo: undefined, singly: [2, 3] });
  });

  it('are one frame for the part below a gap and one each beyond it', () => {
    expect(book.settle([1, 2, 4, 6])).toEqual({ upTo: 2, singly: [4, 6] });
  });

  it('name the tag that closes the gap, not one that was acked before', () => {
    book.settle([2, 3]);
    expect(book.settle([1])).toEqual({ upTo: 1, singly: [] });
    expect(book.settle([4, 5])).toEqual({ upTo: 5, singly: [] });
  });

  it('pass over what was acked before and what is named twice', () => {
    book.settle([1, 3]);
    expect(book.settle([1, 3])).toEqual({ upTo: undefined, singly: [] });
    expect(book.settle([2, 2, 1])).toEqual({ upTo: 2, singly: [] });
  });

  it('of nothing are nothing', () => {
    expect(book.settle([])).toEqual({ upTo: undefined, singly: [] });
  });

  it('tell what is settled', () => {
    book.settle([1, 3]);
    expect([1, 2, 3, 4].map((tag) => book.isSettled(tag))).toEqual([true, false, true, false]);
  });

  it('never ack at the broker what nobody settled, nor a tag twice, whatever the order', () => {
    const calls = fc.array(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 12 }), { maxLength: 20 });
    fc.assert(
      fc.property(calls, (batches) => {
        const mine = new UnackedDeliveries();
        const settled = new Set<number>();
        const waiting = new Set(Array.from({ length: 40 }, (_, i) => i + 1)); // The broker's side of the book.
        for (const batch of batches) {
          batch.forEach((tag) => settled.add(tag));
          const { upTo, singly } = mine.settle(batch);
          const named = upTo === undefined ? singly : [upTo, ...singly];
          // A tag that the broker doesn't wait for costs the channel.
          for (const tag of named) expect(waiting.delete(tag)).toBe(true);
          if (upTo !== undefined) for (let tag = 1; tag < upTo; tag += 1) waiting.delete(tag);
          const acked = Array.from({ length: 40 }, (_, i) => i + 1).filter((tag) => !waiting.has(tag));
          expect(acked).toEqual([...settled].sort((a, b) => a - b));
        }
      }),
    );
  });
});
