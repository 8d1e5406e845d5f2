import { describe, expect, it } from '@jest/globals';
import { COMMAND_LIFE_MS, forgetMessage, isForget, isOutlived, readForget } from './index.js';

const ids = ['0192aaaa-0000-7000-8000-000000000001', '0192aaaa-0000-7000-8000-000000000002'];

describe('the message that lets participants forget sagas', () => {
  it('says what it was told to say', () => {
    const message = forgetMessage('0192aaaa-0000-7000-8000-00000000000f', ids, 'flights.commands');
    expect(message).toMatchObject({ destination: 'flights.commands', messageId: expect.any(String) });
    expect(isForget(message)).toBe(true);
    expect(readForget({ content: Buffer.from(message.payload) })).toEqual(ids);
  });

  it('is not taken for a command, nor a command for it', () => {
    expect(isForget({ type: 'flights.reserve' })).toBe(false);
    expect(isForget({})).toBe(false);
  });

  it.each([
    ['no list', '{}', '"sagas" is missing or not a list'],
    ['something that is no saga', '{"sagas":["all of them"]}', 'sagas[0] is missing or not a UUID'],
    ['a hole in the list', `{"sagas":["${ids[0]}",null]}`, 'sagas[1] is missing or not a UUID'],
    ['no JSON', 'all', 'the payload is not JSON'],
  ])('is refused with %s', (_case, content, reason) => {
    expect(() => readForget({ content: Buffer.from(content) })).toThrow(reason);
  });
});

describe('the life of a command', () => {
  const sent = 1_800_000_000;
  it.each([
    ['young', sent * 1_000 + COMMAND_LIFE_MS, false],
    ['too old', sent * 1_000 + COMMAND_LIFE_MS + 1, true],
    ['from a clock that is ahead', sent * 1_000 - 60_000, false],
  ])('is measured from its publication: %s', (_case, now, outlived) => {
    expect(isOutlived({ timestamp: sent }, now)).toBe(outlived);
  });

  it('has no end without a timestamp', () => {
    expect(isOutlived({}, Number.MAX_SAFE_INTEGER)).toBe(false);
  });
});
