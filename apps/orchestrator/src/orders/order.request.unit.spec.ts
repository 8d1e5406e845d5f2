import { describe, expect, it } from '@jest/globals';
import { strictValidationPipe, type ProblemException } from '@clew/service';
import { Order } from './order.dto.js';

type Json = Record<string, unknown>;

const pipe = strictValidationPipe();
const validate = (body: unknown) => pipe.transform(body, { type: 'body', metatype: Order });

const item = { sku: 'TEAPOT', quantity: 1 };
const request = (changes: Json = {}): Json => ({
  customerId: 'ada',
  items: [item],
  address: '12 St James’s Square, London',
  ...changes,
});

async function wrongFieldsOf(body: unknown): Promise<string[]> {
  const problem = await validate(body).then(
    () => undefined,
    (error: ProblemException) => error.problem,
  );
  expect(problem).toMatchObject({ type: 'urn:clew:problem:validation', status: 400 });
  return [...new Set(problem?.errors?.map(({ field }) => field))];
}

describe('a request to place an order', () => {
  it.each([request(), request({ giftWrap: { message: 'Happy birthday! 🎂' } })])(
    'is taken as it is: %j',
    async (body) => expect(await validate(body)).toEqual(body),
  );

  it('may name a product twice', async () => {
    const body = request({ items: [item, item] });
    expect(await validate(body)).toEqual(body);
  });

  const wrong: [field: string, values: unknown[]][] = [
    ['customerId', [undefined, null, '', 'Ada', 1, [], ['ada'], { not: '' }, 'a\u0000', 'a'.repeat(41)]],
    ['items', [undefined, null, [], {}, 'TEAPOT', item, Array(21).fill(item), { length: 1, 0: item }]],
    ['items', [[null], ['TEAPOT'], [[item]], [[]], [1], [undefined]]],
    ['address', [undefined, null, '', '  ', 1, [], ['x'], { not: '' }, 'a\nb', '\ud800', 'x'.repeat(301)]],
    ['giftWrap', [null, true, 'yes', 1, [], [{ message: 'x' }]]],
  ];
  it.each(wrong.flatMap(([field, values]) => values.map((value) => [field, value] as const)))(
    'is refused for %s = %j',
    async (field, value) => {
      for (const path of await wrongFieldsOf(request({ [field]: value })))
        expect(path === field || path.startsWith(`${field}.`)).toBe(true);
    },
  );

  const wrongParts: [field: string, changes: Json][] = [
    ...[undefined, null, '', 1, [], 'T\u0000', 'T'.repeat(41), { not: '' }].map((sku): [string, Json] => [
      'items.0.sku',
      { items: [{ ...item, sku }] },
    ]),
    ...[undefined, null, 0, -1, 1.5, '1', 101, [1], true, { not: '' }].map((quantity): [string, Json] => [
      'items.1.quantity',
      { items: [item, { ...item, quantity }] },
    ]),
    ...[undefined, null, '', '  ', 1, [], 'a\u0000', 'x'.repeat(201)].map((message): [string, Json] => [
      'giftWrap.message',
      { giftWrap: { message } },
    ]),
    ['extra', { extra: 1 }],
    ['items.0.price', { items: [{ ...item, price: 0 }] }],
    ['giftWrap.colour', { giftWrap: { message: 'x', colour: 'red' } }],
    ['amountCents', { amountCents: 1 }],
  ];
  it.each(wrongParts)('names %s of %j', async (field, changes) => {
    expect(await wrongFieldsOf(request(changes))).toEqual([field]);
  });

  it.each([undefined, null, '', 'text', 1, true, [], [request()], {}])(
    'is refused when it is %j',
    async (body) => expect((await wrongFieldsOf(body)).length).toBeGreaterThan(0),
  );
});
