import { describe, expect, it } from '@jest/globals';
import { BadRequestException } from '@nestjs/common';
import { describeFault } from './describe-fault.js';

describe('the description of a fault', () => {
  it('is the name and message of an error, on one line', () => {
    expect(describeFault(new TypeError('no\n  such thing'))).toBe('TypeError: no such thing');
  });

  it('names the fields of a failed validation', () => {
    const error = new BadRequestException(['seats must be an integer', 'date must be a day']);
    expect(describeFault(error)).toContain('seats must be an integer; date must be a day');
  });

  it('is never longer than a header may be', () => {
    expect(describeFault(new Error('x'.repeat(5_000)))).toHaveLength(1_000);
  });

  it.each([
    ['text', 'text'],
    [{ status: 'error' }, '{"status":"error"}'],
    [undefined, 'undefined'],
    [null, 'null'],
  ])('is made of anything that can be thrown: %j', (thrown, text) => {
    expect(describeFault(thrown)).toBe(text);
  });
});
