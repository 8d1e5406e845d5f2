import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Refused, Unusable } from './exit.js';
import { HttpApi } from './http-api.js';

/** What the server answers, one after the other; the last one for ever. */
let answers: { status: number; headers?: Record<string, string>; body?: object }[];
let asked: IncomingHttpHeaders[];
let server: Server;
let api: HttpApi;

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(request.headers);
    const { status, headers, body = {} } = answers.length > 1 ? answers.shift()! : answers[0]!;
    response.writeHead(status, headers).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  api = new HttpApi(`http://127.0.0.1:${port}/`, 'The gateway', 'open-sesame');
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('asking over HTTP', () => {
  it('bears the key', async () => {
    answers = [{ status: 200, body: { fine: true } }];
    expect(await api.get('/things')).toEqual({ fine: true });
    expect(asked[0]!.authorization).toBe('Bearer open-sesame');
  });

  it.each([429, 503])('comes back when it is told to (%d)', async (status) => {
    answers = [
      { status, headers: { 'retry-after': '0' } },
      { status: 200, body: { fine: true } },
    ];
    expect(await api.get('/things')).toEqual({ fine: true });
    expect(asked).toHaveLength(2);
  });

  it('gives up what is for later for ever', async () => {
    answers = [{ status: 503, headers: { 'retry-after': '0' }, body: { detail: 'Away.' } }];
    await expect(api.get('/things')).rejects.toThrow(Unusable);
    expect(asked).toHaveLength(11);
  });

  it.each<[status: number, kind: typeof Refused | typeof Unusable, sentence: string]>([
    [404, Refused, 'No.'],
    [409, Refused, 'No.'],
    [400, Refused, 'No.'],
    [401, Unusable, 'CLEW_OPERATOR_KEY'],
    [500, Unusable, 'Its log says why'],
  ])('tells a %d from other noes, and never shows the key', async (status, kind, sentence) => {
    answers = [{ status, body: { detail: 'No.' } }];
    const error = await api.post('/things', {}).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(kind);
    expect((error as Error).message).toContain(sentence);
    expect((error as Error).message).not.toContain('open-sesame');
  });

  it('finds nothing where there is nothing', async () => {
    answers = [{ status: 404 }];
    expect(await api.find('/things/1')).toBeUndefined();
  });

  it('says where nobody answers, and what is no URL', async () => {
    const nobody = new HttpApi('http://127.0.0.1:1', 'flights', undefined);
    await expect(nobody.get('/things')).rejects.toThrow(
      /^flights can't be reached at http:\/\/127\.0\.0\.1:1 /,
    );
    expect(() => new HttpApi('localhost', 'flights', undefined)).toThrow(Unusable);
  });
});
