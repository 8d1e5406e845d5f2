import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { configureHttp, httpAdapter } from './http-application.js';
import { limitRate } from './limit-rate.js';

@Controller()
class ThingsController {
  @Get('things')
  list() {
    return [];
  }

  @Get('health/live')
  live() {
    return {};
  }

  @Get('metrics')
  metrics() {
    return {};
  }

  @Get('healthy')
  healthy() {
    return {};
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

let app: NestFastifyApplication;
afterEach(() => app?.close());

async function start(perMinute: number, mostCounted?: number): Promise<void> {
  const options = { bodyParser: false, logger: false } as const;
  app = await NestFactory.create<NestFastifyApplication>(ThingsModule, httpAdapter(), options);
  configureHttp(app);
  const callerOf = ({ authorization }: { authorization?: string }) =>
    authorization?.replace('Bearer key-of-', '');
  limitRate(app, { perMinute, callerOf, mostCounted });
  await app.listen(0, '127.0.0.1');
}

async function get(path: string, caller?: string): Promise<Response> {
  const headers = { ...(caller && { authorization: `Bearer key-of-${caller}` }) };
  return fetch(`${await app.getUrl()}${path}`, { headers });
}

const statuses = async (count: number, path: string, caller?: string) => {
  const found: number[] = [];
  for (let n = 0; n < count; n += 1) found.push((await get(path, caller)).status);
  return found;
};

describe('whoever makes more requests than a minute may have', () => {
  it('is answered 429 with a problem that says when to come again', async () => {
    await start(2);
    expect(await statuses(2, '/things')).toEqual([200, 200]);
    const refused = await get('/things');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await refused.json()).toEqual({
      type: 'urn:clew:problem:too-many-requests',
      title: 'The caller makes too many requests',
      status: 429,
      detail: 'More than 2 requests within a minute.',
    });
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(50);
    expect(wait).toBeLessThanOrEqual(60);
  });

  it('has been told how many were left', async () => {
    await start(2);
    const told = async () => {
      const { headers } = await get('/things');
      return ['limit', 'remaining'].map((name) => headers.get(`ratelimit-${name}`));
    };
    expect([await told(), await told(), await told()]).toEqual([
      ['2', '1'],
      ['2', '0'],
      ['2', '0'],
    ]);
    expect(Number((await get('/things')).headers.get('ratelimit-reset'))).toBeGreaterThan(50);
  });

  it('is one caller, and not the others at the same address', async () => {
    await start(1);
    expect(await statuses(2, '/things', 'ada')).toEqual([200, 429]);
    expect(await statuses(2, '/things', 'bob')).toEqual([200, 429]);
    expect(await statuses(2, '/things')).toEqual([200, 429]);
  });

  it('is counted where there is nothing, too', async () => {
    await start(2);
    expect(await statuses(3, '/nothing')).toEqual([404, 404, 429]);
  });

  it('may ask for health and metrics as often as ever', async () => {
    await start(1);
    for (const path of ['/health/live', '/metrics', '/metrics?name=x'])
      expect(await statuses(3, path)).toEqual([200, 200, 200]);
    expect(await statuses(2, '/healthy')).toEqual([200, 429]);
  });

  it('is forgotten when more have called since than are counted, so that the memory is never filled', async () => {
    await start(1, 2);
    expect(await statuses(2, '/things', 'ada')).toEqual([200, 429]);
    expect(await statuses(2, '/things', 'bob')).toEqual([200, 429]);
    expect((await get('/things', 'ada')).status).toBe(429);
    expect((await get('/things', 'eve')).status).toBe(200);
    expect((await get('/things', 'bob')).status).toBe(200);
    expect((await get('/things', 'eve')).status).toBe(429);
  });
});
