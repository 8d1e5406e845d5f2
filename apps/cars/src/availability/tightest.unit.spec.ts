import { describe, expect, it } from '@jest/globals';
import { tightestOf } from './tightest.js';

describe('the tightest of several', () => {
  it('is the one with the least left over, whatever its capacity', () => {
    const [roomy, tight] = [
      { capacity: 40, reserved: 30 },
      { capacity: 60, reserved: 55 },
    ];
    expect(tightestOf([roomy, tight])).toBe(tight);
    expect(tightestOf([tight, roomy])).toBe(tight);
  });

  it('does not exist among none', () => {
    expect(tightestOf([])).toBeUndefined();
  });
});
