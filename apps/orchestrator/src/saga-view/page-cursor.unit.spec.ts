import { describe, expect, it } from '@jest/globals';
import { decodeCursor, encodeCursor, type PageFilter } from './page-cursor.js';

const before = '0192f0c1-2b3c-7d4e-8f90-123456789abc';
const filters: PageFilter[] = [
  {},
  { status: 'RUNNING' },
  { text: 'RUNNING' },
  { status: 'RUNNING', text: 'a' },
];

describe('a cursor', () => {
  it.each(filters)('goes on where the page with %j ended', (filter) => {
    expect(decodeCursor(encodeCursor(before, filter), filter)).toBe(before);
  });

  it('is refused with another filter than it was made for', () => {
    for (const filter of filters)
      for (const other of filters.filter((one) => one !== filter))
        expect(decodeCursor(encodeCursor(before, filter), other)).toBeUndefined();
  });

  it('is the same however the filter is written', () => {
    const one = encodeCursor(before, { status: 'RUNNING', text: undefined, email: 'a' });
    expect(decodeCursor(one, { email: 'a', status: 'RUNNING' })).toBe(before);
  });

  it.each(['', 'x', 'bm90IGEgY3Vyc29y', encodeCursor('not-an-id', {}), `${encodeCursor(before, {})}A`])(
    'is refused when it is none: %p',
    (text) => expect(decodeCursor(text, {})).toBeUndefined(),
  );
});
