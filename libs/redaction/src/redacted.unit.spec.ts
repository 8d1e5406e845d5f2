import { describe, expect, it } from '@jest/globals';
import { redacted } from './redacted.js';

const key = 'clewkey_Qm9va2luZ3MgYXJlIG5vdCBmb3IgZXZlcnlib2R5';

describe('what is printed', () => {
  it.each([
    ['a URL', 'amqp://clew:hunter2@rabbit:5672/vhost', 'amqp://clew:***@rabbit:5672/vhost'],
    ['another', 'postgresql://u:p%40ss@h:5432/db?a=b', 'postgresql://u:***@h:5432/db?a=b'],
    ['a URL without a user', 'amqps://:hunter2@rabbit', 'amqps://:***@rabbit'],
    ['a URL that nobody has escaped', 'amqp://u:hun/t@er2@rabbit/x', 'amqp://u:***@rabbit/x'],
    ['a password that begins like a port', 'amqp://u:5672x@rabbit', 'amqp://u:***@rabbit'],
    ['a URL in quotes', `connect to "amqp://u:hunter2@h", failed`, 'connect to "amqp://u:***@h", failed'],
    ['two URLs', 'amqp://u:one@a postgres://u:two@b', 'amqp://u:***@a postgres://u:***@b'],
    ['a header', 'authorization: Bearer s3cret.key~/+=', 'authorization: Bearer ***'],
    ['a header of another kind', 'Authorization: basic dXNlcjpwYXNz', 'Authorization: basic ***'],
    ['a header in JSON', '{"authorization":"Bearer s3cret"}', '{"authorization":"Bearer ***"}'],
    ['an API key', `there is no ${key}.`, 'there is no clewkey_***.'],
    ['a connection in words', 'host=h password=hunter2 user=u', 'host=h password=*** user=u'],
    ['an object', `{ user: 'u', password: 'hunter2' }`, `{ user: 'u', password: '***' }`],
    ['an object as JSON', `{"password":"hunter2"}`, `{"password":"***"}`],
    ['a variable', 'CLEW_OPERATOR_KEY=open-sesame', 'CLEW_OPERATOR_KEY=***'],
    ['an address', 'no booking of ada@example.org.', 'no booking of a***@example.org.'],
    ['addresses', '<a.b+c@x.co.uk>,d_e@y.org', '<a***@x.co.uk>,d***@y.org'],
    ['an address of one letter', 'a@b.org', 'a***@b.org'],
    ['an address in other letters', 'жанна@пример.рф', 'ж***@пример.рф'],
    ['an address in a query', 'GET /bookings?email=ada@example.org', 'GET /bookings?email=a***@example.org'],
  ])('of %s has no secret', (_what, text, left) => {
    expect(redacted(text)).toBe(left);
    expect(redacted(left)).toBe(left);
  });

  it('of an error has none in its message and stack, and still says where it was', () => {
    const { stack } = new Error('connect amqp://u:hunter2@h for ada@example.org');
    const left = redacted(stack!);
    expect(left).toMatch(/^Error: connect amqp:\/\/u:\*\*\*@h for a\*\*\*@example\.org\n +at /);
    expect(left.split('\n').slice(1)).toEqual(stack!.split('\n').slice(1));
  });

  it.each([
    'at Server.listen (file:///srv/clew/node_modules/@nestjs/core/index.js:12:34)',
    'at /srv/.pnpm/@fastify+helmet@13.2.0/node_modules/@fastify/helmet/index.js:1:2',
    'Listening on http://127.0.0.1:3000/docs?a=@b',
    'CLEW_OPERATOR_KEY must have 8 to 200 characters.',
    'password authentication failed for user "clew"',
    'Send the operator key as "Authorization: Bearer <key>".',
    '0192f0c1-2b3c-7d4e-8f90-123456789abc/flight/action/0 from clew.flights.commands @ 12:00:01.5',
  ])('is left alone where there is none: %s', (text) => {
    expect(redacted(text)).toBe(text);
  });

  it.each(['a', 'a.', 'x://a:', 'x://', 'a@', '@a.', 'Bearer ', 'password=', '://:', 'a-', '"a'])(
    'takes no longer for %p a hundred thousand times than for other text',
    (part) => {
      const text = part.repeat(100_000 / part.length);
      const startedAt = performance.now();
      redacted(text);
      // Square time would be minutes.
      expect(performance.now() - startedAt).toBeLessThan(2_000);
    },
  );
});
