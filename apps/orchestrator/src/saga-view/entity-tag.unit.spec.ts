import { describe, expect, it } from '@jest/globals';
import type { SagaRecord } from '@clew/saga';
import { entityTagOf, namesEntityTag } from './entity-tag.js';

describe('an entity tag', () => {
  it.each([
    ['"7"', true],
    ['W/"7"', true],
    ['"6", "7"', true],
    ['*', true],
    ['"6"', false],
    ['7', false],
    ['', false],
    [undefined, false],
  ])('is named by If-None-Match %p: %p', (header, expected) => {
    const tag = entityTagOf({ revision: 7 } as SagaRecord);
    expect(namesEntityTag(header, tag)).toBe(expected);
  });
});
