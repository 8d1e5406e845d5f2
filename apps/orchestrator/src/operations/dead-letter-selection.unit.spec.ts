import { describe, expect, it } from '@jest/globals';
import { selectionOf } from './dead-letter-selection.js';

describe('a selection of dead letters', () => {
  it.each([{ ids: ['a'] }, { queue: 'flights.commands' }, { all: true }] as const)('is %j', (wish) => {
    expect(selectionOf(wish)).toEqual(wish);
    expect(selectionOf({ ids: null, queue: null, all: null, ...wish })).toEqual(wish);
  });

  it.each([
    {},
    { ids: ['a'], all: true },
    { ids: ['a'], queue: 'flights.commands' },
    { queue: 'flights.commands', all: true },
  ] as const)('is not %j', (wish) => {
    expect(() => selectionOf(wish)).toThrow(
      expect.objectContaining({
        problem: expect.objectContaining({
          status: 400,
          detail: 'exactly one of ids, queue and all must be given',
        }),
      }),
    );
  });
});
