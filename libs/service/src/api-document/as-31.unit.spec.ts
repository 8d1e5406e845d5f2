import { describe, expect, it } from '@jest/globals';
import { as31 } from './as-31.js';

const name = { $ref: '#/components/schemas/Name' };

describe('what is described in the ways of OpenAPI 3.0', () => {
  it.each<[what: string, old: object, now: object]>([
    ['null is a type', { type: 'string', nullable: true }, { type: ['string', 'null'] }],
    ['an example is one of several', { type: 'integer', example: 0 }, { type: 'integer', examples: [0] }],
    [
      'a reference may have a description',
      { description: 'x', allOf: [name] },
      { description: 'x', ...name },
    ],
    [
      'a reference or null is either of both',
      { type: 'object', nullable: true, allOf: [name] },
      { anyOf: [name, { type: 'null' }] },
    ],
    ['several references are kept', { allOf: [name, name] }, { allOf: [name, name] }],
    [
      'it is so at every level',
      { paths: [{ items: { type: 'string', nullable: true } }] },
      { paths: [{ items: { type: ['string', 'null'] } }] },
    ],
    [
      'a field may have any name',
      { properties: { example: { type: 'string' }, nullable: { type: 'boolean', nullable: true } } },
      { properties: { example: { type: 'string' }, nullable: { type: ['boolean', 'null'] } } },
    ],
    ['an example is left as it is', { example: { example: 1 } }, { examples: [{ example: 1 }] }],
    ['a default is, too', { default: { nullable: true } }, { default: { nullable: true } }],
  ])('%s in those of 3.1', (_what, old, now) => expect(as31(old)).toEqual(now));
});
