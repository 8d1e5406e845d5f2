import { describe, expect, it } from '@jest/globals';
import { parseFlags, UnknownFlagError } from './flags.js';

describe('the flags of npm start', () => {
  it('are all off when none is given', () => {
    expect(parseFlags([])).toEqual({ fresh: false, help: false });
  });

  it('are read in any order', () => {
    expect(parseFlags(['--help', '--fresh'])).toEqual({ fresh: true, help: true });
  });

  it.each(['--frehs', 'fresh', '--fresh=yes', ''])('refuse "%s" and say what there is', (argument) => {
    expect(() => parseFlags(['--fresh', argument])).toThrow(UnknownFlagError);
    expect(() => parseFlags([argument])).toThrow(
      `There is no ${argument}. npm start knows: --fresh, --help.`,
    );
  });
});
