import { describe, expect, it } from '@jest/globals';
import { readOptions } from './options.js';

describe('options', () => {
  it('are what is given, else what the command says, else what all have', () => {
    const options = readOptions(
      ['--bookings', '500', '--modes', 'open,closed'],
      { rounds: 1 },
      { peers: 'floor' },
    );
    expect(options).toMatchObject({
      bookings: 500,
      rounds: 1,
      'in-flight': 1_000,
      modes: ['closed', 'open'],
      peers: 'floor',
    });
  });

  it.each([
    [['--rounds', '0'], '--rounds must be a whole number from 1.'],
    [['--bookings', '1e-3'], '--bookings must be a whole number from 1.'],
    [['--modes', 'closed,shut'], '--modes: there is no shut; there are closed, undone, open.'],
    [['--bogus'], "Unknown option '--bogus'. There are: --modes, --rounds,"],
  ])('%p are refused', (args, message) => {
    expect(() => readOptions(args)).toThrow(message);
  });
});
