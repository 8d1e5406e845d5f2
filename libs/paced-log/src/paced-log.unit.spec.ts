import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { PacedLog } from './paced-log.js';

describe('a log that is paced', () => {
  let told: string[];
  let log: PacedLog;

  beforeEach(() => {
    jest.useFakeTimers();
    told = [];
    log = new PacedLog((line) => told.push(line), 1_000);
  });
  afterEach(() => {
    log.close();
    jest.useRealTimers();
  });

  const happen = (...names: string[]) => {
    for (const name of names) log.happened((times) => `${times} times, the last ${name}`);
  };

  it('tells of the first time at once', () => {
    happen('a');
    expect(told).toEqual(['1 times, the last a']);
  });

  it('tells of those that follow once in a period, with their number', () => {
    happen('a', 'b', 'c', 'd');
    expect(told).toHaveLength(1);
    jest.advanceTimersByTime(1_000);
    expect(told.slice(1)).toEqual(['3 times, the last d']);
    happen('e', 'f');
    expect(told).toHaveLength(2);
    jest.advanceTimersByTime(1_000);
    expect(told.slice(2)).toEqual(['2 times, the last f']);
  });

  it('says nothing when nothing happens, and then again at once', () => {
    happen('a');
    jest.advanceTimersByTime(10_000);
    expect(told).toHaveLength(1);
    happen('b');
    expect(told.slice(1)).toEqual(['1 times, the last b']);
  });

  it('holds nothing back when it is closed, and leaves no timer', () => {
    happen('a', 'b');
    log.close();
    expect(told).toHaveLength(2);
    expect(jest.getTimerCount()).toBe(0);
  });
});
