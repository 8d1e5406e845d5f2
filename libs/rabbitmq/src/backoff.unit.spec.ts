import { describe, expect, it } from '@jest/globals';
import { pauseAfter } from './backoff.js';

describe('the pause between two tries', () => {
  const bounds = { firstMs: 100, capMs: 2_000 };

  it('doubles with each failure and ends at the cap', () => {
    const pauses = [1, 2, 3, 4, 5, 6, 7].map((failures) => pauseAfter(failures, bounds, 0));
    expect(pauses).toEqual([100, 200, 400, 800, 1_600, 2_000, 2_000]);
  });

  it('is cut by chance, by half at the most', () => {
    expect(pauseAfter(1, bounds, 0.5)).toBe(75);
    expect(pauseAfter(9, bounds, 0.999_999)).toBeCloseTo(1_000, 1);
  });

  it('stays at the cap after days of failures', () => {
    expect(pauseAfter(5_000_000, bounds, 0)).toBe(2_000);
  });
});
