import { describe, expect, it } from '@jest/globals';
import { medians, percentilesOf } from './distribution.js';

describe('percentiles', () => {
  it('are figures that were measured, by nearest rank', () => {
    const figures = Array.from({ length: 200 }, (_, n) => 200 - n);
    expect(percentilesOf(figures)).toEqual({ p50: 100, p95: 190, p99: 198, max: 200 });
  });

  it('of a single figure are that figure', () => {
    expect(percentilesOf([7])).toEqual({ p50: 7, p95: 7, p99: 7, max: 7 });
  });
});

describe('medians', () => {
  it('are taken of each figure on its own, through all levels', () => {
    const rounds = [
      { rate: 3, cpuMs: { flights: 10 }, mode: 'closed' },
      { rate: 1, cpuMs: { flights: 30 }, mode: 'closed' },
      { rate: 2, cpuMs: { flights: 20 }, mode: 'closed' },
    ];
    expect(medians(rounds)).toEqual({ rate: 2, cpuMs: { flights: 20 }, mode: 'closed' });
  });
});
