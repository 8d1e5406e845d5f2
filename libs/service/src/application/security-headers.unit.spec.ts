import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { configureHttp, httpAdapter } from './http-application.js';

@Controller('things')
class ThingsController {
  @Get()
  list() {
    return [];
  }

  @Get('bug')
  bug() {
    throw new Error('a bug');
  }
}

/** Stands in for the pages that describe the API, which are loaded in a way that Jest can't follow; an e2e spec reads them. */
@Controller()
class DocsController {
  @Get(['docs', 'docs/page', 'docs-json'])
  page() {
    return '';
  }
}

@Module({ controllers: [ThingsController, DocsController] })
class ThingsModule {}

let app: NestFastifyApplication;
let url: string;

beforeAll(async () => {
  const options = { bodyParser: false, logger: false } as const;
  app = await NestFactory.create<NestFastifyApplication>(ThingsModule, httpAdapter(), options);
  configureHttp(app);
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});

afterAll(() => app?.close());

const policyFor = async (path: string) => (await fetch(url + path)).headers.get('content-security-policy');

describe('what a browser is told', () => {
  it.each(['/things', '/things/bug', '/things/%zz', '/nothing', '/docs', '/docs-json'])(
    'of %s is not to guess what it is, and not to frame it',
    async (path) => {
      const headers = await headersOf(path);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['content-security-policy']).toMatch(/default-src 'none';.*frame-ancestors 'none'/);
      expect(headers['x-powered-by']).toBeUndefined();
    },
  );

  it('of an answer to a program lets nothing run', async () => {
    const policy = "default-src 'none';frame-ancestors 'none'";
    expect(await policyFor('/things')).toBe(policy);
    expect(await policyFor('/docs-json')).toBe(policy);
    const { headers } = await fetch(`${url}/things`);
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('of the pages of /docs lets through what they bring along', async () => {
    const own =
      /script-src 'self';style-src 'self' 'unsafe-inline';img-src 'self' data:;.*connect-src 'self'/;
    for (const path of ['/docs', '/docs/page']) expect(await policyFor(path)).toMatch(own);
  });
});

/** Of a path that goes out just as it is. */
function headersOf(path: string): Promise<Record<string, unknown>> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path }, (response) => {
      response.resume().once('end', () => resolve(response.headers));
    })
      .once('error', reject)
      .end();
  });
}
