import { describe, expect, it } from '@jest/globals';
import { Backoff } from './backoff.js';

describe('the backoff of an app that dies', () => {
  it('doubles from 0.2 s to 10 s', () => {
    const backoff = new Backoff();
    const delays = Array.from({ length: 8 }, () => backoff.delayAfter(100));
    expect(delays).toEqual([200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000]);
  });

  it('begins again once the app has stayed up for half a minute', () => {
    const backoff = new Backoff();
    backoff.delayAfter(0);
    backoff.delayAfter(0);
    expect(backoff.delayAfter(29_999)).toBe(800);
    expect(backoff.delayAfter(30_000)).toBe(200);
    expect(backoff.delayAfter(0)).toBe(400);
  });
});
