import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { badRequests, brokenBodies } from '../e2e/support/bad-requests.js';
import { it } from '../e2e/support/it-with-logs.js';
import { RunningSystem } from '../e2e/support/running-system.js';
import { trip } from '../e2e/support/trip.js';

interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

/** Asserts that the answer is an RFC 9457 problem with one of these codes, which shows nothing of the inside. */
async function problemOf(response: Response, ...statuses: number[]): Promise<Problem> {
  const text = await response.text();
  if (!statuses.includes(response.status)) throw new Error(`${response.status}: ${text}`);
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const problem = JSON.parse(text) as Problem;
  expect(problem).toMatchObject({
    type: expect.stringMatching(/^[a-z]+:/),
    title: expect.stringMatching(/./),
    status: response.status,
    detail: expect.stringMatching(/./),
  });
  expect(text).not.toMatch(/node_modules|\bat .+:\d+:\d+|prisma/i);
  return problem;
}

describe('bad input', () => {
  let system: RunningSystem;
  beforeAll(async () => {
    system = await RunningSystem.start();
  }, 90_000);
  afterAll(() => system?.stop(), 60_000);

  for (const { what, body, fields } of badRequests) {
    it(`refuses ${what}`, async () => {
      const problem = await problemOf(await system.gateway().post(body), 400);
      const named = (problem.errors ?? []).map(({ field }) => field);
      expect(named).toEqual(expect.arrayContaining([...fields]));
    });
  }

  for (const { what, body } of brokenBodies) {
    it(`refuses ${what} as a body`, async () => {
      await problemOf(await system.gateway().post(body), 400);
    });
  }

  it('refuses a body over 64 KB', async () => {
    const tooLarge = trip({ traveller: { name: 'a'.repeat(65 * 1024) } });
    await problemOf(await system.gateway().post(tooLarge), 413);
  });

  for (const contentType of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'x'])
    it(`refuses the content type ${contentType}`, async () => {
      const response = await system.gateway().post(trip(), { 'content-type': contentType });
      await problemOf(response, 400, 415);
    });

  it('refuses bytes that are no text', async () => {
    const response = await fetch(`${system.gateway().url}/bookings`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: Buffer.from([0x7b, 0xff, 0xfe, 0x22, 0x7d]),
    });
    await problemOf(response, 400);
  });

  const badQueries = [
    ['status=DONE', 'status'],
    ['status=', 'status'],
    ['status=COMPLETED&status=RUNNING', 'status'],
    ['status[not]=', 'status'],
    ['limit=0', 'limit'],
    ['limit=-1', 'limit'],
    ['limit=101', 'limit'],
    ['limit=1000000000', 'limit'],
    ['limit=9'.padEnd(400, '9'), 'limit'],
    ['limit=ten', 'limit'],
    ['limit=1&limit=2', 'limit'],
    ['limit=1e1', 'limit'],
    ['cursor=nonsense', 'cursor'],
    ['cursor=', 'cursor'],
    ['cursor=%00', 'cursor'],
    ['cursor=a&cursor=b', 'cursor'],
    ['sort=id', 'sort'],
    ['__proto__=1', '__proto__'],
  ] as const;
  for (const [query, field] of badQueries) {
    it(`refuses the list with ${query.slice(0, 40)}`, async () => {
      const problem = await problemOf(await system.gateway().get(`/bookings?${query}`), 400);
      const named = (problem.errors ?? []).map((error) => error.field);
      expect(named.some((name) => name.startsWith(field))).toBe(true);
    });
  }

  it('refuses a cursor with another status than it was made for', async () => {
    const gateway = system.gateway();
    await gateway.bookAndWait(trip());
    await gateway.bookAndWait(trip());
    const { nextCursor } = await gateway.json<{ nextCursor: string }>('/bookings?limit=1');
    expect(nextCursor).toEqual(expect.any(String));
    await problemOf(await gateway.get(`/bookings?limit=1&status=RUNNING&cursor=${nextCursor}`), 400);
  });

  const nowhere = [
    '/bookings/1',
    '/bookings/0192f0c1-2b3c-7d4e-8f90-123456789abc',
    '/bookings/0192f0c1-2b3c-7d4e-8f90-123456789abc/history',
    '/bookings/not-a-uuid/history',
    '/bookings/%00',
    "/bookings/'%20OR%201=1",
    '/bookings/__proto__',
    `/bookings/${'a'.repeat(500)}`,
    '/nowhere',
    '/',
    '/bookings/0192f0c1-2b3c-7d4e-8f90-123456789abc/nowhere',
  ];
  for (const path of nowhere) {
    it(`finds nothing at ${path.slice(0, 60)}`, async () => {
      await problemOf(await system.gateway().get(path), 400, 404, 414);
    });
  }

  it('takes no other methods', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH']) {
      const response = await fetch(`${system.gateway().url}/bookings`, { method });
      await problemOf(response, 404, 405);
    }
  });

  it('answers a URL with a broken escape, which fetch would mend, with a problem', async () => {
    const { status, contentType } = await rawGet(`${system.gateway().url}/bookings/%zz`);
    expect([400, 404]).toContain(status);
    expect(contentType).toMatch(/^application\/problem\+json/);
  });

  const participantPaths = [
    ['flights', '/reservations/1', 404],
    ['hotels', '/reservations/0192f0c1-2b3c-7d4e-8f90-123456789abc', 404],
    ['cars', '/reservations/%00', 404],
    ['flights', '/availability', 400],
    ['flights', '/availability?flightNumber=CL100&date=2027-02-30', 400],
    ['flights', '/availability?flightNumber=CL100&flightNumber=CL101&date=2027-05-01', 400],
    ['flights', '/availability?flightNumber=CL999&date=2027-05-01', 404],
    ['hotels', '/availability?hotelId=HOTEL-1&checkIn=2027-05-02&checkOut=2027-05-01', 400],
    ['hotels', '/availability?hotelId=HOTEL-1&checkIn=2027-05-01&checkOut=2027-05-02&x=1', 400],
    ['cars', '/availability?location=JFK&carClass=compact&pickUp=2027-05-02&dropOff=2027-05-01', 400],
    ['cars', '/availability?location=MOON&carClass=compact&pickUp=2027-05-01&dropOff=2027-05-01', 404],
    ['cars', '/nowhere', 404],
  ] as const;
  for (const [participant, path, status] of participantPaths) {
    it(`gets ${status} from ${participant} for ${path}`, async () => {
      await problemOf(await system.ask(participant, path), status);
    });
  }

  it('has started no saga for any of them', async () => {
    // Two were booked properly, for the sake of a cursor.
    expect(await system.databases.count('orchestrator', 'saga_instance')).toBe(2);
    expect(await system.gateway().allBookings()).toHaveLength(2);
  });

  it('describes itself as OpenAPI, for programs and for people', async () => {
    for (const app of ['orchestrator', 'flights', 'hotels', 'cars'] as const) {
      const { url } = system.app(app);
      const document = (await (await fetch(`${url}/docs-json`)).json()) as {
        openapi: string;
        paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
      };
      expect(document.openapi).toMatch(/^3\./);
      const page = await fetch(`${url}/docs`);
      expect(page.status).toBe(200);
      expect(page.headers.get('content-type')).toMatch(/^text\/html/);
      if (app === 'orchestrator') {
        const answers = document.paths['/bookings']!['post']!.responses;
        expect(Object.keys(answers)).toEqual(expect.arrayContaining(['202', '400', '413', '415', '503']));
      }
    }
  });
});

/** A GET whose path goes out just as it is. */
function rawGet(url: string): Promise<{ status: number | undefined; contentType: string | undefined }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const path = url.slice(url.indexOf('/', 'http://'.length));
    request({ hostname, port, path }, (response) => {
      response.resume();
      response.once('end', () =>
        resolve({ status: response.statusCode, contentType: response.headers['content-type'] }),
      );
    })
      .once('error', reject)
      .end();
  });
}
