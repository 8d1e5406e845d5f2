import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { configureHttp, httpAdapter, readEnvironment } from '@clew/service';
import { OperatorGuard } from '../operations/operator.guard.js';
import { OrchestratorEnvironment } from '../orchestrator-environment.js';
import { digestOf } from './api-key.js';
import type { Caller } from './caller.js';
import { CurrentCaller } from './current-caller.decorator.js';
import { ForCallers } from './for-callers.decorator.js';

const OPERATOR_KEY = 'open-sesame';
const keys = ['ada:caller', 'ops:operator']
  .map((entry) => entry.split(':'))
  .map(([name, role]) => `${name}:${digestOf(`key of ${name}`.replaceAll(' ', '-')).toString('hex')}:${role}`)
  .join();

@ForCallers()
@Controller('bookings')
class BookingsController {
  @Get()
  list(@CurrentCaller() caller: Caller) {
    return { caller };
  }
}

@UseGuards(OperatorGuard)
@Controller('operations')
class OperationsController {
  @Get()
  list(@CurrentCaller() caller: Caller) {
    return { caller };
  }
}

@Controller('health')
class UnguardedController {
  @Get()
  live() {
    return {};
  }

  @Get('caller')
  caller(@CurrentCaller() caller: Caller) {
    return { caller };
  }
}

let app: NestFastifyApplication;
afterEach(() => app?.close());

async function start(variables: Record<string, string>): Promise<void> {
  const servers = { DATABASE_URL: 'postgresql://localhost', AMQP_URL: 'amqp://localhost' };
  const environment = readEnvironment(OrchestratorEnvironment, { ...servers, ...variables });
  @Module({
    controllers: [BookingsController, OperationsController, UnguardedController],
    providers: [{ provide: OrchestratorEnvironment, useValue: environment }],
  })
  class CalledModule {}
  const options = { bodyParser: false, logger: false } as const;
  app = await NestFactory.create<NestFastifyApplication>(CalledModule, httpAdapter(), options);
  configureHttp(app);
  await app.listen(0, '127.0.0.1');
}

/** The status, and the caller or what the caller is told. */
async function get(path: string, authorization?: string): Promise<[number, unknown]> {
  const response = await fetch(`${await app.getUrl()}${path}`, {
    headers: { ...(authorization && { authorization }) },
  });
  const body = (await response.json()) as { caller?: Caller; detail?: string };
  if (response.status === 401) expect(response.headers.get('www-authenticate')).toBe('Bearer');
  return [response.status, body.caller ?? body.detail];
}

const nobody = {};
const anonymous = { role: 'caller' };
const operator = { role: 'operator' };

describe('while no keys are set', () => {
  it('everybody is the same caller, whatever they bear', async () => {
    await start(nobody);
    expect(await get('/bookings')).toEqual([200, anonymous]);
    expect(await get('/bookings', 'Bearer key-of-ada')).toEqual([200, anonymous]);
  });

  it('operations are closed', async () => {
    await start(nobody);
    expect(await get('/operations', 'Bearer anything')).toEqual([401, expect.stringContaining('closed')]);
    expect(await get('/operations', 'Bearer undefined')).toEqual([401, expect.stringContaining('closed')]);
  });

  it("who bears the operator's key is an operator everywhere", async () => {
    await start({ CLEW_OPERATOR_KEY: OPERATOR_KEY });
    expect(await get('/operations', `Bearer ${OPERATOR_KEY}`)).toEqual([200, operator]);
    expect(await get('/bookings', `Bearer ${OPERATOR_KEY}`)).toEqual([200, operator]);
    expect(await get('/operations')).toEqual([401, expect.stringContaining('operator key')]);
    expect(await get('/operations', 'Bearer key-of-ops')).toEqual([401, expect.any(String)]);
  });
});

describe('where keys are set', () => {
  it('a caller is who the key belongs to', async () => {
    await start({ CLEW_API_KEYS: keys });
    expect(await get('/bookings', 'Bearer key-of-ada')).toEqual([200, { name: 'ada', role: 'caller' }]);
    expect(await get('/bookings', 'bearer  key-of-ops ')).toEqual([200, { name: 'ops', role: 'operator' }]);
  });

  it.each([
    ['nothing', undefined],
    ['a wrong key', 'Bearer key-of-eve'],
    ['a hash for a key', `Bearer ${digestOf('key-of-ada').toString('hex')}`],
    ['another scheme', 'Basic key-of-ada'],
    ['a key without a scheme', 'key-of-ada'],
    ['two keys', 'Bearer key-of-ada key-of-ops'],
  ])('who bears %s is refused', async (_what, authorization) => {
    await start({ CLEW_API_KEYS: keys });
    for (const path of ['/bookings', '/operations'])
      expect(await get(path, authorization)).toEqual([401, expect.stringContaining('Bearer <key>')]);
  });

  it('operations are for operators, and for no other caller', async () => {
    await start({ CLEW_API_KEYS: keys });
    expect(await get('/operations', 'Bearer key-of-ops')).toEqual([200, { name: 'ops', role: 'operator' }]);
    expect(await get('/operations', 'Bearer key-of-ada')).toEqual([403, expect.stringContaining('ada')]);
  });

  it('what has no guard stays open', async () => {
    await start({ CLEW_API_KEYS: keys });
    expect(await get('/health')).toEqual([200, undefined]);
  });

  it('a handler that wants to know the caller needs a guard, and fails loudly without', async () => {
    await start({ CLEW_API_KEYS: keys });
    expect(await get('/health/caller', 'Bearer key-of-ada')).toEqual([500, expect.any(String)]);
  });
});
