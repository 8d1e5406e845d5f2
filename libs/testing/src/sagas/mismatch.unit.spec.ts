import { describe, expect, it } from '@jest/globals';
import { mismatch } from './mismatch.js';

describe('a part of a value', () => {
  it.each<[string, unknown, unknown]>([
    ['some of its fields', { a: 1, b: { c: 2, d: 3 } }, { b: { c: 2 } }],
    ['none of its fields', { a: 1 }, {}],
    ['all of its items, each in part', [{ a: 1, b: 2 }, 3], [{ a: 1 }, 3]],
    ['a field that is missing', { a: 1 }, { b: undefined }],
    ['a date', { day: new Date(0) }, { day: new Date(0) }],
    ['nothing at all', null, null],
  ])('fits: %s', (_, actual, expected) => {
    expect(mismatch(actual, expected, 'it')).toBeUndefined();
  });

  it.each<[unknown, unknown, string]>([
    [{ a: 1 }, { a: 2 }, 'it.a is 1, not 2'],
    [{ a: { b: '1' } }, { a: { b: 1 } }, 'it.a.b is "1", not 1'],
    [{}, { a: 1 }, 'it.a is missing, not 1'],
    [undefined, { a: 1 }, 'it is missing, not {"a":1}'],
    [null, {}, 'it is null, not {}'],
    [[1, 2], [1], 'it has length 2, not 1'],
    [[1], [1, 2], 'it has length 1, not 2'],
    [[1, { a: 2 }], [1, { a: 3 }], 'it.1.a is 2, not 3'],
    [{ 0: 1 }, [1], 'it is {"0":1}, not [1]'],
    [[1], { 0: 1 }, 'it is [1], not {"0":1}'],
    ['1970-01-01T00:00:00.000Z', new Date(0), 'it is "1970-01-01T00:00:00.000Z", not a date'],
    [{ a: 1 }, { a: { b: 1 } }, 'it.a is 1, not {"b":1}'],
  ])('differs: %j is not %j', (actual, expected, difference) => {
    expect(mismatch(actual, expected, 'it')).toBe(difference);
  });
});
