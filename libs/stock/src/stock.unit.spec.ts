import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Stock } from './stock.js';

const stock = () =>
  new Stock([
    { key: 'monday', capacity: 3, reserved: 1 },
    { key: 'tuesday', capacity: 1, reserved: 0 },
  ]);

describe('stock', () => {
  it('gives what is free, until it is taken', () => {
    const days = stock();
    expect([days.take(['monday'], 1), days.take(['monday'], 1), days.take(['monday'], 1)]).toEqual([
      'taken',
      'taken',
      'short',
    ]);
  });

  it('gives all that is wanted or nothing', () => {
    const days = stock();
    expect(days.take(['monday', 'tuesday'], 2)).toBe('short');
    expect(days.take(['monday', 'tuesday', 'wednesday'], 1)).toBe('unknown');
    expect(days.take(['monday'], 2)).toBe('taken');
  });

  it('says that something is unknown even if there is too little of something else', () => {
    expect(stock().take(['tuesday', 'wednesday'], 2)).toBe('unknown');
  });

  it('never gives more than there is, and refuses nobody who could have had it', () => {
    const wish = fc.record({
      keys: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'x')),
      amount: fc.integer({ min: 1, max: 4 }),
    });
    const capacities = fc.record({ a: fc.nat(8), b: fc.nat(8), c: fc.nat(8) });
    fc.assert(
      fc.property(capacities, fc.array(wish, { maxLength: 20 }), (capacity, wishes) => {
        const rows = Object.entries(capacity).map(([key, size]) => ({ key, capacity: size, reserved: 0 }));
        const given = new Stock(rows);
        const left = new Map(Object.entries(capacity));
        for (const { keys, amount } of wishes) {
          const fits = keys.every((key) => (left.get(key) ?? -1) >= amount);
          expect(given.take(keys, amount) === 'taken').toBe(fits);
          if (fits) for (const key of keys) left.set(key, left.get(key)! - amount);
        }
      }),
    );
  });
});
