import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, HttpCode, Module, Post, Query } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { IsOptional, Matches } from 'class-validator';
import { notFound } from '../problem/problem.exception.js';
import { configureHttp, httpAdapter } from './http-application.js';

class ListQuery {
  @IsOptional()
  @Matches(/^\d+$/)
  limit?: string;
}

class Thing {
  @Matches(/^[a-z]+$/)
  name!: string;
}

@Controller('things')
class ThingsController {
  @Get()
  list(@Query() query: ListQuery) {
    return { ...query };
  }

  @Post()
  @HttpCode(202)
  make(@Body() body: Thing) {
    return { ...body };
  }

  @Get('missing')
  missing() {
    throw notFound('There is no such thing.', 'THING_UNKNOWN');
  }

  @Get('bug')
  bug() {
    throw new Error('the password is hunter2');
  }

  @Get('away')
  away() {
    throw Object.assign(new Error('connect to 10.0.0.1'), { code: 'ECONNREFUSED' });
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

let app: NestFastifyApplication;

beforeAll(async () => {
  app = await NestFactory.create<NestFastifyApplication>(ThingsModule, httpAdapter(), {
    bodyParser: false,
    logger: false,
  });
  configureHttp(app);
  await app.listen(0, '127.0.0.1');
});

afterAll(() => app?.close());

describe('an error is answered with a problem', () => {
  it.each<[what: string, path: string, init: RequestInit, status: number, type: string]>([
    ['a field that breaks a rule', '/things', post('{"name":"A"}'), 400, 'validation'],
    ['a field that nobody knows', '/things', post('{"name":"a","x":1}'), 400, 'validation'],
    ['no body', '/things', { method: 'POST' }, 400, 'validation'],
    ['null for a body', '/things', post('null'), 400, 'validation'],
    ['an array for a body', '/things', post('[]'), 400, 'validation'],
    ['an empty body', '/things', post(''), 400, 'bad-request'],
    ['broken JSON', '/things', post('{"name":'), 400, 'bad-request'],
    ['a key that reaches the prototype', '/things', post('{"name":"a","__proto__":{}}'), 400, 'bad-request'],
    [
      'a body of more than 64 KB',
      '/things',
      post(`{"name":"${'a'.repeat(65_536)}"}`),
      413,
      'content-too-large',
    ],
    ['a body of 33 levels', '/things', post(nested(33)), 400, 'validation'],
    ['a body of ten thousand levels', '/things', post(nested(10_000)), 400, 'validation'],
    [
      'a body that is deep in arrays',
      '/things',
      post('['.repeat(9_999) + ']'.repeat(9_999)),
      400,
      'validation',
    ],
    ['a form', '/things', post('name=a', 'application/x-www-form-urlencoded'), 415, 'unsupported-media-type'],
    ['plain text', '/things', post('a', 'text/plain'), 415, 'unsupported-media-type'],
    ['a parameter given twice', '/things?limit=1&limit=2', {}, 400, 'validation'],
    ['a parameter given as an array', '/things?limit[]=1', {}, 400, 'validation'],
    ['a parameter that nobody knows', '/things?a=1&a=2', {}, 400, 'validation'],
    ['a parameter that reaches the prototype', '/things?__proto__=1', {}, 400, 'validation'],
    ['a URL that can not be decoded', '/things/%zz', {}, 400, 'bad-request'],
    ['a route that does not exist', '/nothing', {}, 404, 'not-found'],
    ['a method that is not there', '/things', { method: 'DELETE' }, 404, 'not-found'],
    ['a bug', '/things/bug', {}, 500, 'internal'],
    ['a server that is away', '/things/away', {}, 503, 'unavailable'],
  ])('%s', async (_what, path, init, status, type) => {
    const response = await fetch(`${await app.getUrl()}${path}`, init);
    const text = await response.text();

    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json\b/);
    expect(JSON.parse(text)).toMatchObject({
      type: `urn:clew:problem:${type}`,
      title: expect.any(String),
      status,
      detail: expect.any(String),
    });
    expect(text).not.toMatch(/hunter2|10\.0\.0\.1|node_modules/);
  });

  it('names the field, and only that', async () => {
    const response = await fetch(`${await app.getUrl()}/things`, post('{"name":"A"}'));
    expect(await response.json()).toMatchObject({
      errors: [{ field: 'name', message: 'name must match /^[a-z]+$/ regular expression' }],
    });
  });

  it('carries the reason of the business', async () => {
    const response = await fetch(`${await app.getUrl()}/things/missing`);
    expect(await response.json()).toMatchObject({ detail: 'There is no such thing.', code: 'THING_UNKNOWN' });
  });

  it('says when to try again', async () => {
    const response = await fetch(`${await app.getUrl()}/things/away`);
    expect(response.headers.get('retry-after')).toBe('1');
  });

  it('even where more is expected than anybody can do', async () => {
    const { port } = new URL(await app.getUrl());
    const [response, text] = await new Promise<[IncomingMessage, string]>((resolve, reject) => {
      const options = { host: '127.0.0.1', port, path: '/things', headers: { expect: 'a miracle' } };
      get(options, (answer) => {
        let received = '';
        answer.on('data', (chunk) => (received += String(chunk)));
        answer.once('end', () => resolve([answer, received]));
      }).once('error', reject);
    });
    expect(response.statusCode).toBe(417);
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json\b/);
    expect(JSON.parse(text)).toMatchObject({ type: 'urn:clew:problem:expectation-failed', status: 417 });
  });

  it('even to what is not HTTP', async () => {
    const { port, hostname } = new URL(await app.getUrl());
    const answer = await new Promise<string>((resolve, reject) => {
      let received = '';
      const socket = connect(Number(port), hostname, () => socket.write('garbage\r\n\r\n'));
      socket.on('data', (chunk) => (received += chunk.toString()));
      socket.on('error', reject);
      socket.on('close', () => resolve(received));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 [^]*application\/problem\+json[^]*urn:clew:problem:bad-request/);
  });
});

describe('a body that is deep', () => {
  it('is not refused for its depth up to 32 levels', async () => {
    const response = await fetch(`${await app.getUrl()}/things`, post(nested(32)));
    expect(JSON.stringify(await response.json())).not.toContain('nested');
  });
});

describe('a request that is right', () => {
  it('is answered as the controller says', async () => {
    const response = await fetch(`${await app.getUrl()}/things`, post('{"name":"a"}'));
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ name: 'a' });
  });
});

/** An object within objects: so many levels in all. */
function nested(levels: number): string {
  return '{"a":'.repeat(levels) + '1' + '}'.repeat(levels);
}

function post(body: string, contentType = 'application/json'): RequestInit {
  return { method: 'POST', headers: { 'content-type': contentType }, body };
}
