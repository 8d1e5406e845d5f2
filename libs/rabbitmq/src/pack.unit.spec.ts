import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { message } from './broker-specs.fixture.js';
import { fitsInPack, packed, unpacked } from './pack.js';

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const outgoing = fc
  .record({
    messageId: text,
    correlationId: text,
    type: text,
    replyTo: fc.option(text, { nil: undefined }),
    headers: fc.dictionary(text, fc.oneof(text, fc.integer())),
    payload: fc.json().map((json) => `${json}\n`),
  })
  .map(({ replyTo, ...rest }) => message({ ...rest, ...(replyTo !== undefined && { replyTo }) }));

describe('a pack', () => {
  it('gives back each message as it was put in', () => {
    fc.assert(
      fc.property(fc.array(outgoing, { minLength: 1, maxLength: 20 }), (messages) => {
        const out = unpacked(packed(messages, 1_800_000_000));
        expect(out.map(({ content }) => content.toString())).toEqual(messages.map(({ payload }) => payload));
        for (const [index, { properties }] of out.entries()) {
          const { messageId, correlationId, type, headers, replyTo } = messages[index]!;
          expect(properties).toMatchObject({ messageId, correlationId, type, headers });
          expect([properties.timestamp, properties.contentType]).toEqual([1_800_000_000, 'application/json']);
          expect(properties.replyTo).toBe(message().replyTo && replyTo);
        }
      }),
    );
  });

  it.each([
    ['', 'no line'],
    ['{}', 'no line'],
    ['nonsense\n', 'no JSON'],
    ['[]\n', 'has to list'],
    ['{}\n', 'has to list'],
    ['[7]\n', 'has to list'],
    ['[{"bytes":2}]\n{}', 'has to list'],
    ['[{"headers":{},"bytes":-1}]\n', 'has to list'],
    ['[{"headers":{},"bytes":2,"type":7}]\n{}', 'has to list'],
    ['[{"headers":{},"bytes":3}]\n{}', '2 bytes of payload and lists 3'],
    ['[{"headers":{},"bytes":1}]\n{}', '2 bytes of payload and lists 1'],
  ])('that is none says so: %j', (body, complaint) => {
    expect(() => unpacked(Buffer.from(body))).toThrow(complaint);
  });

  it('takes no message that might not be one that can be sent', () => {
    expect(fitsInPack(message())).toBe(true);
    for (const unfit of [
      { messageId: 'x'.repeat(86) },
      { type: 'ж'.repeat(200) },
      { payload: 'x'.repeat(64 * 1024 + 1) },
      { payload: undefined as unknown as string },
    ])
      expect(fitsInPack(message(unfit))).toBe(false);
  });
});
