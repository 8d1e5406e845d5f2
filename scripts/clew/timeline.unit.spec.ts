import { describe, expect, it } from '@jest/globals';
import type { Saga, Step } from './saga.js';
import { sinceText, waitsFor } from './timeline.js';

const step = (name: string, status: string, attempts = 1): Step => ({
  name,
  status,
  attempts,
  startedAt: null,
  endedAt: null,
  result: null,
  rejection: null,
});

function sagaOf(status: string, ...steps: Step[]): Saga {
  const times = { createdAt: '', updatedAt: '', endedAt: null };
  return { id: 'b1', saga: 'trip-booking', version: 1, status, steps, failure: null, ...times };
}

describe('what a saga waits for', () => {
  it.each<[saga: Saga, sentence: string | null]>([
    [sagaOf('COMPLETED', step('flight', 'SUCCEEDED')), null],
    [
      sagaOf('RUNNING', step('hotel', 'EXECUTING', 2), step('car', 'SUCCEEDED')),
      'It waits for an answer about hotel (attempt 2).',
    ],
    [sagaOf('RUNNING', step('stock', 'PENDING', 0)), 'It waits for its turn: no step is under way.'],
    [
      sagaOf('STUCK', step('flight', 'STUCK', 20)),
      'It waits for an operator at flight (attempt 20). Try: npm run clew -- retry b1 flight --reason "…" --dry-run',
    ],
  ])('%#', (saga, sentence) => {
    expect(waitsFor(saga)).toBe(sentence);
  });
});

describe('how long after the start something happened', () => {
  it.each([
    [0, '+0 ms'],
    [999, '+999 ms'],
    [3_400, '+3.4 s'],
    [125_000, '+2 min 05 s'],
    [7_500_000, '+2 h 05 min'],
  ])('%d ms is %s', (milliseconds, text) => {
    expect(sinceText(milliseconds)).toBe(text);
  });
});
