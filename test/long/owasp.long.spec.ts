import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { replyQueueOf, type Answer } from '@clew/envelope';
import { eventually } from '@clew/testing';
import { tripApps } from '../e2e/support/app-process.js';
import { publishAll } from '../e2e/support/dead-letters.js';
import { forgedReply } from '../e2e/support/forged-reply.js';
import { Callers, hashOf, keyOf, keysOf, type Call } from '../e2e/support/callers.js';
import type { Booking, Transition } from '../e2e/support/gateway.js';
import { it } from '../e2e/support/it-with-logs.js';
import { filesOf, inlineCodeOf } from '../e2e/support/page.js';
import { rawRequest } from '../e2e/support/raw-request.js';
import { RunningSystem } from '../e2e/support/running-system.js';
import { Trap } from '../e2e/support/trap.js';
import { trip } from '../e2e/support/trip.js';

const PER_MINUTE = 400;
const ALLOWED_ORIGIN = 'https://app.example.org';
const NOBODYS_ID = '0192f0c1-2b3c-7d4e-8f90-123456789abc';

/** The risks of the OWASP API Security Top 10 (2023), each with what is done about it; the first is in ownership.e2e.spec.ts. */
describe('the gateway withstands', () => {
  let system: RunningSystem;
  let callers: Callers;
  beforeAll(async () => {
    const orchestrator = {
      ...keysOf(['ada', 'greedy'], ['ops']),
      CLEW_RATE_LIMIT_PER_MINUTE: String(PER_MINUTE),
      CLEW_CORS_ORIGINS: ALLOWED_ORIGIN,
    };
    system = await RunningSystem.start({ environment: { orchestrator } });
    callers = new Callers(system.gateway().url);
  }, 90_000);
  afterAll(() => system?.stop(), 60_000);

  const call = (path: string, request?: Call) => callers.call(path, request);
  const book = (body?: unknown) => callers.book('ada', body);
  const asOperator = async <Body>(path: string) => (await (await call(path, { as: 'ops' })).json()) as Body;
  const untilIs = (id: string, isSo: (booking: Booking) => boolean) =>
    eventually(async () => {
      const booking = await asOperator<Booking>(`/bookings/${id}`);
      return isSo(booking) ? booking : undefined;
    });

  describe('API2, broken authentication:', () => {
    it('every call needs a key, and none but the whole key in its header is one', async () => {
      const calls = await callers.documentedCalls(NOBODYS_ID);
      expect(calls.length).toBeGreaterThan(15);
      for (const [method, path] of calls) {
        const response = await call(path, { method });
        expect([method, path, response.status]).toEqual([method, path, 401]);
        expect(response.headers.get('www-authenticate')).toBe('Bearer');
      }
      const key = keyOf('ada');
      const wrong = [key.slice(0, -1), `${key}x`, key.toUpperCase(), hashOf('ada'), 'undefined', 'null'];
      for (const authorization of [
        ...wrong.map((text) => `Bearer ${text}`),
        `Basic ${btoa(`ada:${key}`)}`,
        key,
      ])
        expect((await call('/bookings', { headers: { authorization } })).status).toBe(401);
    });

    it('a key in the query or the cookies is none', async () => {
      const key = keyOf('ops');
      for (const name of ['key', 'api_key', 'access_token', 'authorization'])
        expect(
          (await call(`/bookings?${name}=${key}`, { headers: { cookie: `${name}=${key}` } })).status,
        ).toBe(401);
      expect((await call('/bookings', { headers: { 'x-api-key': key } })).status).toBe(401);
    });

    it('health stays open', async () => {
      for (const path of ['/health/live', '/health/ready', '/docs', '/docs-json'])
        expect([path, (await call(path)).status]).toEqual([path, 200]);
    });
  });

  describe('API3, broken authorisation of properties:', () => {
    it('nothing can be set that is not asked for', async () => {
      const owned = [
        'id',
        'status',
        'owner',
        'saga',
        'version',
        'steps',
        'failure',
        'createdAt',
        'links',
        'role',
      ];
      for (const field of owned) {
        const response = await call('/bookings', {
          as: 'ada',
          method: 'POST',
          body: { ...trip(), [field]: 'x' },
        });
        expect(response.status).toBe(400);
        expect(((await response.json()) as { errors: object[] }).errors).toEqual([
          { field, message: `property ${field} should not exist` },
        ]);
      }
      for (const part of ['traveller', 'flight', 'hotel', 'car']) {
        const body = trip({ [part]: { reservationId: NOBODYS_ID } });
        expect((await call('/bookings', { as: 'ada', method: 'POST', body })).status).toBe(400);
      }
    });
  });

  describe('API4, unrestricted consumption of resources:', () => {
    it('what is too large or too deep is refused', async () => {
      const post = async (body: string) =>
        (await call('/bookings', { as: 'ada', method: 'POST', body })).status;
      expect(await post(JSON.stringify(trip({ traveller: { name: 'a'.repeat(65_536) } })))).toBe(413);
      expect(await post('['.repeat(30_000) + ']'.repeat(30_000))).toBe(400);
      expect(await post(`{"traveller":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`)).toBe(400);
      expect((await call('/bookings?limit=1000000', { as: 'ada' })).status).toBe(400);
      expect((await call('/bookings', { as: 'ada', headers: { 'x-long': 'a'.repeat(20_000) } })).status).toBe(
        431,
      );
      expect((await call(`/bookings/${'a'.repeat(10_000)}`, { as: 'ada' })).status).toBe(414);
    });

    it('whoever asks too often has to wait, and nobody else has', async () => {
      expect(await callers.statusesOf(PER_MINUTE + 20, '/bookings/x', { as: 'greedy' })).toEqual({
        404: PER_MINUTE,
        429: 20,
      });
      const refused = await call('/bookings', { as: 'greedy' });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await refused.json()).toMatchObject({ type: 'urn:clew:problem:too-many-requests', status: 429 });
      expect((await call('/bookings', { as: 'ada' })).status).toBe(200);
      expect((await call('/health/live', { as: 'greedy' })).status).toBe(200);
    });
  });

  describe('API5, broken authorisation of functions:', () => {
    it('no call of operators is for another caller', async () => {
      const calls = (await callers.documentedCalls(NOBODYS_ID)).filter(([, path]) =>
        path.startsWith('/operations/'),
      );
      expect(calls.length).toBeGreaterThan(4);
      for (const [method, path] of calls) {
        const response = await call(path, { as: 'ada', method });
        expect([path, response.status]).toEqual([path, 403]);
        expect(await response.json()).toMatchObject({ type: 'urn:clew:problem:forbidden' });
      }
      expect((await call('/operations/sagas', { as: 'ops' })).status).toBe(200);
    });

    it('a method that is not there does nothing', async () => {
      const { id } = await book();
      for (const method of ['PUT', 'PATCH', 'DELETE'])
        for (const path of ['/bookings', `/bookings/${id}`, `/bookings/${id}/history`])
          expect([404, 405]).toContain((await call(path, { as: 'ops', method })).status);
      const overridden = { 'x-http-method-override': 'DELETE' };
      expect((await call(`/bookings/${id}`, { as: 'ops', headers: overridden })).status).toBe(200);
    });
  });

  // API6, unrestricted access to sensitive flows: whoever has a key may book. The limit above is for each of them.

  describe('API7, forged requests of the server:', () => {
    it('no address in a request is ever asked for: nothing here fetches what a caller names', async () => {
      const trap = await Trap.set();
      const { url } = trap;
      const { id } = await book(trip({ traveller: { name: url } }));
      const headers = {
        'x-forwarded-host': url,
        'x-original-url': url,
        referer: url,
        forwarded: `host=${url}`,
      };
      await call(`/bookings/${id}/cancel`, { as: 'ops', method: 'POST', body: { reason: url }, headers });
      await untilIs(id, ({ endedAt }) => endedAt !== null);
      expect(trap.asked).toBe(0);
      trap.close();
    });
  });

  describe('API8, wrong configuration:', () => {
    it('every answer has the headers that keep browsers safe, in every app', async () => {
      for (const app of tripApps)
        for (const path of ['/health/live', '/nowhere', '/docs', '/docs/swagger-ui.css', '/docs-json']) {
          const { headers } = await fetch(`${system.app(app).url}${path}`);
          expect(headers.get('x-content-type-options')).toBe('nosniff');
          expect(headers.get('content-security-policy')).toMatch(
            /default-src 'none';.*frame-ancestors 'none'/,
          );
          expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
          expect([headers.get('x-powered-by'), headers.get('server')]).toEqual([null, null]);
        }
    });

    it('the pages of /docs need no script but their own files', async () => {
      const page = await (await call('/docs')).text();
      expect(inlineCodeOf(page)).toEqual([]);
      const files = filesOf(page, `${system.gateway().url}/docs`);
      expect(files.length).toBeGreaterThan(3);
      for (const file of files) {
        expect(file.origin).toBe(system.gateway().url);
        expect([file.href, (await fetch(file)).status]).toEqual([file.href, 200]);
      }
    });

    it('pages of other origins are refused', async () => {
      const allows = async (origin: string) =>
        (await call('/bookings', { as: 'ada', headers: { origin } })).headers.get(
          'access-control-allow-origin',
        );
      expect(await allows(ALLOWED_ORIGIN)).toBe(ALLOWED_ORIGIN);
      for (const origin of ['https://evil.example', `${ALLOWED_ORIGIN}.evil.example`, 'null'])
        expect(await allows(origin)).toBeNull();
    });

    it('no answer shows the inside', async () => {
      for (const [path, init] of [
        ['/bookings', { method: 'POST', body: '{"traveller":' }],
        ['/bookings/%00', {}],
        ['/bookings?cursor=%ff', {}],
        ['/bookings', { method: 'POST', body: [] }],
      ] as const) {
        const text = await (await call(path, { as: 'ada', ...init })).text();
        expect(text).not.toMatch(/node_modules|\bat .+:\d+:\d+|prisma|postgres|amqp|saga_instance/i);
      }
    });

    it('a line break in a path or a header makes no header, and no second request', async () => {
      const path = `/bookings/${encodeURIComponent('x\r\nSet-Cookie: stolen=1')}`;
      const answer = await call(path, { as: 'ada' });
      expect(answer.status).toBe(404);
      expect(answer.headers.get('set-cookie')).toBeNull();
      const ambiguous = [
        'Prefer: a\rX: b',
        'Prefer: a\n\nGET /',
        'Content-Length: 1\r\nTransfer-Encoding: chunked',
      ];
      for (const header of ambiguous) {
        const text = `POST /bookings HTTP/1.1\r\nHost: clew\r\n${header}\r\n\r\n`;
        expect(await rawRequest(system.gateway().url, text)).toMatch(
          /^HTTP\/1\.1 400 [^]*problem\+json[^]*\}$/,
        );
      }
    });
  });

  describe('API9, forgotten endpoints:', () => {
    it('there is nothing beside what the document tells', async () => {
      const guesses = [
        '/admin',
        '/.env',
        '/.git/config',
        '/debug',
        '/graphql',
        '/v1/bookings',
        '/v2/bookings',
        '/internal',
      ];
      for (const path of [...guesses, '/operations', '/docs/../package.json', '/docs/..%2f..%2fpackage.json'])
        expect([path, (await call(path, { as: 'ops' })).status]).toEqual([path, 404]);
    });
  });

  describe('API10, trust in what others say:', () => {
    it('a reply that nobody is asked for changes nothing, whoever sends it', async () => {
      const hotels = system.app('hotels');
      hotels.suspend();
      const { id } = await book();
      const before = await untilIs(id, ({ steps }) => steps[2]!.status === 'SUCCEEDED');
      const reply = (
        sagaId: string,
        step: string,
        direction: 'action' | 'compensation',
        epoch: number,
        answer: Answer,
      ) =>
        forgedReply(
          { commandId: `${sagaId}/${step}/${direction}/${epoch}`, sagaId, step, direction, epoch },
          answer,
        );
      const refused: Answer = { outcome: 'rejected', body: { code: 'FORGED', message: 'forged' } };
      const done: Answer = { outcome: 'done', body: { reservationId: NOBODYS_ID } };
      await publishAll(system, replyQueueOf('orchestrator'), [
        reply(id, 'flight', 'action', 0, refused),
        reply(id, 'car', 'compensation', 0, done),
        reply(id, 'hotel', 'action', 7, done),
        reply(id, 'submarine', 'action', 0, done),
        reply(NOBODYS_ID, 'flight', 'action', 0, done),
      ]);
      // The answer of the one that is asked stands behind the forged ones in the queue.
      hotels.resume();
      const after = await untilIs(id, ({ endedAt }) => endedAt !== null);
      expect(after.status).toBe('COMPLETED');
      for (const step of [0, 2]) expect(after.steps[step]).toEqual(before.steps[step]);
      const { items } = await asOperator<{ items: Transition[] }>(`/bookings/${id}/history`);
      expect(JSON.stringify(items)).not.toMatch(/FORGED|submarine/);
      expect(JSON.stringify(items)).not.toContain(NOBODYS_ID);
    });
  });
});
