import { describe, expect, it } from '@jest/globals';
import { shownPayload } from './shown-payload.js';

describe('a payload to look at', () => {
  it('is its text, if it is text', () => {
    expect(shownPayload(Buffer.from('{"name":"Ада"}'))).toEqual({
      payload: '{"name":"Ада"}',
      encoding: 'utf8',
      bytes: 17,
    });
    expect(shownPayload(Buffer.alloc(0))).toEqual({ payload: '', encoding: 'utf8', bytes: 0 });
  });

  it('is base64 otherwise', () => {
    expect(shownPayload(Buffer.from([0xff, 0x00, 0xfe]))).toEqual({
      payload: '/wD+',
      encoding: 'base64',
      bytes: 3,
    });
  });

  it('is cut when it is long, between two characters', () => {
    const { payload, encoding, bytes } = shownPayload(
      Buffer.from(`${'x'.repeat(16_383)}Я${'y'.repeat(100)}`),
    );
    expect(payload).toBe('x'.repeat(16_383));
    expect([encoding, bytes]).toEqual(['utf8', 16_485]);
    const odd = shownPayload(Buffer.alloc(50_000, 0xff));
    expect(Buffer.from(odd.payload, 'base64')).toHaveLength(16_384);
    expect(odd.bytes).toBe(50_000);
  });
});
