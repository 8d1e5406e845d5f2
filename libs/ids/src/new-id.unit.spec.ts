import { describe, expect, it } from '@jest/globals';
import { validate, version } from 'uuid';
import { newId } from './new-id.js';

describe('a new id', () => {
  it('is a UUID of version 7', () => {
    const id = newId();
    expect([validate(id), version(id)]).toEqual([true, 7]);
    expect(Math.abs(parseInt(id.replaceAll('-', '').slice(0, 12), 16) - Date.now())).toBeLessThan(60_000);
  });

  it('was never there before, and is greater than all before it', () => {
    const ids = Array.from({ length: 100_000 }, newId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id, index) => index === 0 || id > ids[index - 1]!)).toBe(true);
  });

  it('can not be guessed from the one before', () => {
    const ids = Array.from({ length: 1_000 }, newId);
    expect(new Set(ids.map((id) => id.slice(-10))).size).toBe(ids.length);
  });
});
