import { describe, expect, it } from '@jest/globals';
import { unstorableTexts } from './unstorable-text.js';

describe('texts that can not be stored', () => {
  it('are those with U+0000, or with half a character', () => {
    const texts = { nul: 'a\0b', high: 'a\ud83d', low: '\ude00', whole: '😀', empty: '', line: 'a\nb' };
    expect(unstorableTexts(texts)).toEqual(['nul', 'high', 'low']);
  });

  it('are found at every level, and among the names of fields', () => {
    expect(unstorableTexts({ a: [{ b: 'x' }, { b: '\0' }], c: { 'd\0': 1 }, e: 7, f: null })).toEqual([
      'a.1.b',
      'c',
    ]);
  });
});
