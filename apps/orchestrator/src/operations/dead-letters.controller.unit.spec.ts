import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DEAD_LETTERS } from '@clew/saga';
import { configureHttp, httpAdapter } from '@clew/service';
import { inProcessBroker, type InProcessBroker } from '@clew/testing/broker';
import { OrchestratorEnvironment } from '../orchestrator-environment.js';
import { OperatorLog } from './operator-log.js';
import { DeadLettersController } from './dead-letters.controller.js';

const routes = { queues: ['flights.commands', 'hotels.commands'] };
const logger = { log: () => undefined, warn: () => undefined, error: () => undefined };
const headers = { authorization: 'Bearer open-sesame' };

describe('dead letters over HTTP', () => {
  let broker: InProcessBroker;
  let app: NestFastifyApplication;

  beforeEach(async () => {
    broker = inProcessBroker();
    @Module({
      controllers: [DeadLettersController],
      providers: [
        { provide: DEAD_LETTERS, useValue: broker.deadLetters({ routes, logger }) },
        // Written down in e2e, where there is a database.
        { provide: OperatorLog, useValue: { keep: (_: object, act: () => unknown) => act() } },
        {
          provide: OrchestratorEnvironment,
          useValue: Object.assign(new OrchestratorEnvironment(), { CLEW_OPERATOR_KEY: 'open-sesame' }),
        },
      ],
    })
    class DeadLettersModule {}
    app = await NestFactory.create<NestFastifyApplication>(DeadLettersModule, httpAdapter(), {
      logger: false,
      bodyParser: false,
    });
    configureHttp(app);
    await app.listen(0, '127.0.0.1');
  });
  afterEach(() => app.close());

  const url = async (path: string) => `${await app.getUrl()}/operations/dead-letters${path}`;
  const get = async (query: string) => fetch(await url(query), { headers });
  const post = async (action: string, body: object) =>
    fetch(await url(`/${action}`), {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  it('are none, where none are', async () => {
    const response = await get('');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      items: [],
      counts: { 'flights.commands': 0, 'hotels.commands': 0 },
    });
    const wish = { all: true, actor: 'ada', reason: 'Why not', dryRun: true };
    expect(await (await post('redrive', wish)).json()).toEqual({
      dryRun: true,
      matched: 0,
      done: 0,
      left: 0,
      letters: [],
    });
  });

  it('are answered for with 503 while the broker is away', async () => {
    broker.goAway();
    const wish = { all: true, actor: 'ada', reason: 'Why not' };
    const calls = [get(''), post('redrive', wish), post('discard', wish)];
    for (const response of await Promise.all(calls)) {
      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).toBe('1');
      expect(await response.json()).toMatchObject({ type: 'urn:clew:problem:unavailable' });
    }
    broker.comeBack();
    expect((await get('?queue=hotels.commands')).status).toBe(200);
  });
});
