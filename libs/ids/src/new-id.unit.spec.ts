import { describe, expect, it } from '@jest/globals';
import { validate, version } from 'uuid';
import { newId } from './new-id.js';

describe('a new id', () => {
  it('is a UUID of version 7', () => {
    const id = newId();
    expect([validate(id), version(id)]).toEqual([true, 7]);
    expect(Math.abs(parseInt(id.replaceAll('-', '').slice(0, 12), 16) - Date.now())).toBeLessThan(60_000);
  });

  it('was never there before', () => {
    const ids = Array.from({ length: 100_000 }, newId);
    expect(new Set(ids).size).toBe(ids.length);
    // Beyond the time, which many share.
    expect(new Set(ids.map((id) => id.slice(14))).size).toBe(ids.length);
  });
});
