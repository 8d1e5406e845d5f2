import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, type LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { eventually } from '@clew/testing';
import { configureHttp, httpAdapter } from '../application/http-application.js';

@Controller('things')
class ThingsController {
  @Get('away')
  away() {
    throw Object.assign(new Error('connect to 10.0.0.1'), { code: 'ECONNREFUSED' });
  }

  @Get('paused')
  paused() {
    throw Object.assign(new Error('The hotels are on strike'), { code: 'SAGA_PAUSED' });
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

let app: NestFastifyApplication;
let warnings: string[];
afterEach(() => app?.close());

async function start(): Promise<void> {
  warnings = [];
  const logger: LoggerService = {
    log: () => undefined,
    warn: (text: string) => warnings.push(text),
    error: () => undefined,
  };
  const options = { bodyParser: false, logger } as const;
  app = await NestFactory.create<NestFastifyApplication>(ThingsModule, httpAdapter(), options);
  configureHttp(app);
  await app.listen(0, '127.0.0.1');
}

async function statusesOf(count: number, path: string): Promise<Set<number>> {
  const url = `${await app.getUrl()}${path}`;
  const answers = await Promise.all(Array.from({ length: count }, () => fetch(url)));
  return new Set(answers.map(({ status }) => status));
}

const FIRST = 'Answered 503: connect to 10.0.0.1';
/** In how many requests the lines of the log come to. */
const told = () => warnings.reduce((sum, line) => sum + Number(/503 (\d+) times/.exec(line)?.[1] ?? 1), 0);

describe('that a server is away', () => {
  it('is logged once a second, with the number of those who were told', async () => {
    await start();
    const startedAt = performance.now();
    expect(await statusesOf(500, '/things/away')).toEqual(new Set([503]));
    await eventually(() => told() === 500, { describe: 'all to be told of' });
    const seconds = (performance.now() - startedAt) / 1_000;
    expect(warnings[0]).toBe(FIRST);
    expect(warnings.at(-1)).toMatch(/^Answered 503 \d+ times, the last: connect to 10\.0\.0\.1$/);
    expect(warnings.length).toBeLessThanOrEqual(1 + Math.ceil(seconds));
  });

  it('is not left out of the log when the service stops', async () => {
    await start();
    await statusesOf(3, '/things/away');
    await app.close();
    expect(told()).toBe(3);
  });
});

describe('that nothing is begun for the moment', () => {
  it('is no fault, and not logged', async () => {
    await start();
    expect(await statusesOf(3, '/things/paused')).toEqual(new Set([503]));
    expect(warnings).toEqual([]);
  });
});
