import { describe, expect, it } from '@jest/globals';
import { validateSync } from 'class-validator';
import { IsLineOfText } from './line-of-text.js';

class Card {
  @IsLineOfText(10)
  text: unknown;
}

function isTaken(text: unknown): boolean {
  return validateSync(Object.assign(new Card(), { text })).length === 0;
}

describe('a line of text', () => {
  it.each(['x', 'Für Ada', '  x', '👩‍🚀 👋', 'x'.repeat(10), '👋'.repeat(10)])('is %j', (text) => {
    expect(isTaken(text)).toBe(true);
  });

  it.each(['', '   ', 'x'.repeat(11), 'a\u0000b', 'a\nb', '\ud83d', 7, null, undefined, ['x'], { not: '' }])(
    'is not %j',
    (value) => {
      expect(isTaken(value)).toBe(false);
    },
  );
});
