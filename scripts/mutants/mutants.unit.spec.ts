import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { repositoryRoot } from '@clew/testing';
import { projectOf, removeGuard } from './mutant.js';
import { MUTANTS } from './mutants.js';

const read = (path: string) => readFileSync(join(repositoryRoot(), path), 'utf8');

describe('the table of mutants', () => {
  it.each(MUTANTS)('fits the program: $guard', (mutant) => {
    const source = read(mutant.file);
    expect(removeGuard(mutant, source)).not.toBe(source);
    expect(mutant.noticedBy.length).toBeGreaterThan(0);
    for (const [spec] of mutant.noticedBy) {
      expect(existsSync(join(repositoryRoot(), spec.file))).toBe(true);
      expect(['unit', 'int', 'e2e']).toContain(projectOf(spec));
    }
  });

  it('says what is tested with servers by name, so that no more of it is run than that', () => {
    const unnamed = MUTANTS.flatMap(({ noticedBy }) => noticedBy).filter(
      ([spec, test]) => projectOf(spec) !== 'unit' && (!test || !spec.works),
    );
    expect(unnamed).toEqual([]);
  });
});

describe('removing a guard', () => {
  const mutant = {
    guard: 'the guard',
    file: 'a.ts',
    text: 'if (no) return;',
    without: '$& $1',
    noticedBy: [],
  };

  it('leaves what it is replaced by, letter for letter', () => {
    expect(removeGuard(mutant, 'a;\nif (no) return;\nb;')).toBe('a;\n$& $1\nb;');
  });

  it.each([
    ['a;', 'is not found'],
    ['if (no) return; if (no) return;', 'stands 2 times'],
  ])('is refused in %j, so that the table is mended', (source, reason) => {
    expect(() => removeGuard(mutant, source)).toThrow(
      `The mutant "the guard" has outlived its guard: its text ${reason} in a.ts`,
    );
  });
});
