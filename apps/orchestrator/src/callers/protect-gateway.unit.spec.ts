import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ConfigurationError, configureHttp, httpAdapter, readEnvironment } from '@clew/service';
import { OrchestratorEnvironment } from '../orchestrator-environment.js';
import { digestOf } from './api-key.js';
import { protectGateway } from './protect-gateway.js';

@Controller('bookings')
class BookingsController {
  @Get()
  list() {
    return [];
  }
}

const read = (variables: Record<string, string>) =>
  readEnvironment(OrchestratorEnvironment, {
    DATABASE_URL: 'postgresql://localhost',
    AMQP_URL: 'amqp://localhost',
    ...variables,
  });

let app: NestFastifyApplication;
afterEach(() => app?.close());

async function start(variables: Record<string, string>): Promise<void> {
  @Module({
    controllers: [BookingsController],
    providers: [{ provide: OrchestratorEnvironment, useValue: read(variables) }],
  })
  class GatewayModule {}
  const options = { bodyParser: false, logger: false } as const;
  app = await NestFactory.create<NestFastifyApplication>(GatewayModule, httpAdapter(), options);
  configureHttp(app);
  protectGateway(app);
  await app.listen(0, '127.0.0.1');
}

async function ask(headers: Record<string, string>, method = 'GET', path = '/bookings'): Promise<Response> {
  return fetch(`${await app.getUrl()}${path}`, { method, headers });
}

const preflight = (origin: string) => ask({ origin, 'access-control-request-method': 'POST' }, 'OPTIONS');

describe('a web page', () => {
  const allowed = 'https://app.example.org';

  it('of any origin is refused while none is named', async () => {
    await start({});
    expect((await preflight(allowed)).status).toBe(404);
    expect((await ask({ origin: allowed })).headers.get('access-control-allow-origin')).toBeNull();
  });

  it('of an origin that is named may call, with a key and without cookies', async () => {
    await start({ CLEW_CORS_ORIGINS: `http://localhost:8080, ${allowed}` });
    const asked = await preflight(allowed);
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-origin')).toBe(allowed);
    expect(asked.headers.get('access-control-allow-headers')).toContain('authorization');
    expect(asked.headers.get('access-control-allow-methods')).toBe('GET, POST');
    expect(asked.headers.get('access-control-allow-credentials')).toBeNull();
    const answer = await ask({ origin: allowed });
    expect(answer.headers.get('access-control-allow-origin')).toBe(allowed);
    expect(answer.headers.get('access-control-expose-headers')).toContain('location');
    expect(answer.headers.get('vary')).toBe('Origin');
    // The page learns why it was refused, too.
    const missing = await ask({ origin: allowed }, 'GET', '/nothing');
    expect(missing.headers.get('access-control-allow-origin')).toBe(allowed);
  });

  it.each(['https://evil.example', 'https://app.example.org.evil.example', 'http://app.example.org', 'null'])(
    'of the origin %s is refused where another is named',
    async (origin) => {
      await start({ CLEW_CORS_ORIGINS: allowed });
      for (const answer of [await preflight(origin), await ask({ origin })])
        expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    },
  );

  it.each([
    '*',
    'app.example.org',
    'https://app.example.org/',
    'https://*.example.org',
    'null',
    `${allowed},`,
  ])('can not be let in by the origin %s', (origins) => {
    expect(() => read({ CLEW_CORS_ORIGINS: origins })).toThrow(ConfigurationError);
    expect(() => read({ CLEW_CORS_ORIGINS: origins })).toThrow(/^CLEW_CORS_ORIGINS must be origins, like /);
  });
});

describe('the requests of a minute', () => {
  it('are any number unless a limit is set', async () => {
    await start({});
    expect((await ask({})).headers.get('ratelimit-limit')).toBeNull();
  });

  it('are counted for each name, whichever of its keys it bears, and else by address', async () => {
    const entries = ['ada:1', 'ada:2', 'bob:3'].map((entry) => entry.split(':') as [string, string]);
    const keys = entries.map(([name, key]) => `${name}:${digestOf(key).toString('hex')}`).join();
    await start({ CLEW_API_KEYS: keys, CLEW_RATE_LIMIT_PER_MINUTE: '2' });
    const left = async (authorization: string) =>
      (await ask({ authorization })).headers.get('ratelimit-remaining');
    expect([await left('Bearer 1'), await left('Bearer 2'), await left('Bearer 3')]).toEqual(['1', '0', '1']);
    expect([await left('Bearer wrong'), await left('Bearer wronger')]).toEqual(['1', '0']);
    expect((await ask({ authorization: 'Bearer wrongest' })).status).toBe(429);
    expect((await ask({ authorization: 'Bearer 2' })).status).toBe(429);
  });

  it.each(['0', '-1', 'many'])('can not be limited to %s', (limit) => {
    expect(() => read({ CLEW_RATE_LIMIT_PER_MINUTE: limit })).toThrow(
      /^CLEW_RATE_LIMIT_PER_MINUTE must be a whole number from 1 to 1000000, but is /,
    );
  });
});
