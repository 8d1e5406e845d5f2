import { describe, expect, it } from '@jest/globals';
import { statementNames } from './statement-names.js';

describe('names of prepared statements', () => {
  it('are the same for the same text, and fit into 63 bytes', () => {
    const nameOf = statementNames();
    const name = nameOf({ sql: 'SELECT 1' });
    expect(nameOf({ sql: 'SELECT 1' })).toBe(name);
    expect(nameOf({ sql: 'SELECT 2' })).not.toBe(name);
    expect(name).toMatch(/^clew_[\w-]{1,58}$/);
  });

  it('run out, so that statements of varying text leave nothing on the server', () => {
    const nameOf = statementNames(1);
    const first = nameOf({ sql: 'SELECT 1' });
    expect(nameOf({ sql: 'SELECT 2' })).toBe('');
    expect(nameOf({ sql: 'SELECT 1' })).toBe(first);
  });
});
