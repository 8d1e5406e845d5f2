import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { apiDocument } from '../support/api-schemas.js';
import { ApiOperations, type ApiOperation, type Parameter } from '../e2e/support/api-operations.js';
import { shopApps, tripApps } from '../e2e/support/app-process.js';
import { expectWithstood, fuzzSeed } from '../e2e/support/fuzz/expect-withstood.js';
import { runWithGeneratedClient } from '../e2e/support/generated-client.js';
import { it } from '../e2e/support/it-with-logs.js';
import { RunningSystem } from '../e2e/support/running-system.js';
import { Shop } from '../e2e/support/shop.js';
import { trip } from '../e2e/support/trip.js';

const OPERATOR_KEY = 'api-document-operator-key';

/** What is in the path is sent with every call. */
const isOptional = (parameter: Parameter) => parameter.in !== 'path';

describe('the OpenAPI document', () => {
  const operations = new ApiOperations();
  let system: RunningSystem;
  beforeAll(async () => {
    const apps = [...new Set([...tripApps, ...shopApps])];
    const orchestrator = { CLEW_OPERATOR_KEY: OPERATOR_KEY };
    system = await RunningSystem.start({ apps, environment: { orchestrator } });
  }, 90_000);
  afterAll(() => system?.stop(), 60_000);

  /** What is wrong with the answer to a call, and its status. */
  async function call(
    operation: ApiOperation,
    id: string,
    { query = '', headers = {} }: { query?: string; headers?: Record<string, string> } = {},
  ): Promise<{ status: number; faults: string[] }> {
    const { method, path, example, isForOperators } = operation;
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
      const parameter = operation.parameters?.find((one) => one.name === name);
      return name === 'id' ? id : String(parameter?.schema?.examples?.[0]);
    });
    const response = await fetch(`${system.gateway().url}${filled}${query}`, {
      method,
      headers: {
        ...(isForOperators && { authorization: `Bearer ${OPERATOR_KEY}` }),
        ...(example !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(example !== undefined && { body: JSON.stringify(example) }),
    });
    const { status } = response;
    const contentType = response.headers.get('content-type') ?? undefined;
    return {
      status,
      faults: operations.faultsOf(operation, { status, contentType, text: await response.text() }),
    };
  }

  it('is served as it is committed', async () => {
    expect(await system.gateway().json('/docs-json')).toEqual(apiDocument('openapi.json'));
  });

  it('has examples that can be sent, and are answered as it says', async () => {
    const gateway = system.gateway();
    const shop = new Shop(system);
    const bought = await shop.placeAndWait();
    const exchanged = await shop.begin(bought.links['exchange']!, {
      items: [{ sku: 'TEAPOT', quantity: 1 }],
    });
    await shop.ended(exchanged);
    const second = await shop.placeAndWait();
    const returned = await shop.begin(second.links['return']!);
    const ids: Record<string, () => Promise<string>> = {
      bookings: async () => (await gateway.bookAndWait(trip())).id,
      orders: async () => (await shop.placeAndWait()).id,
      returns: async () => returned.id,
      exchanges: async () => exchanged.id,
      operations: async () => (await gateway.bookAndWait(trip())).id,
    };
    // Where everything has ended well there is nothing to cancel, and little to operate on.
    const expectedOf = ({ operationId, path }: ApiOperation) => {
      if (operationId.startsWith('cancel')) return /^409$/;
      return path.startsWith('/operations/sagas/') ? /^(200|409)$/ : /^20[02]$/;
    };
    for (const operation of operations.all) {
      const id = operation.path.includes('{id}') ? await ids[operation.path.split('/')[1]!]!() : '';
      const { status, faults } = await call(operation, id);
      const expected = expect.stringMatching(expectedOf(operation));
      expect([operation.operationId, String(status), faults]).toEqual([operation.operationId, expected, []]);
    }
  }, 60_000);

  it('has examples of parameters that can be sent, too', async () => {
    const parameters = operations.all.flatMap((operation) =>
      (operation.parameters ?? []).filter(isOptional).flatMap((parameter) =>
        (parameter.schema?.examples ?? []).map((example) => ({
          operation,
          parameter,
          example: String(example),
        })),
      ),
    );
    expect(parameters.length).toBeGreaterThan(6);
    const { id } = await new Shop(system).placeAndWait();
    for (const { operation, parameter, example } of parameters) {
      const isQuery = parameter.in === 'query';
      const { status, faults } = await call(operation, id, {
        query: isQuery ? `?${parameter.name}=${encodeURIComponent(example)}` : '',
        headers: isQuery ? {} : { [parameter.name]: example },
      });
      const what = `${operation.operationId} ${parameter.name}=${example}`;
      // The key that all examples share was used for something else by then.
      const expected = parameter.name === 'Idempotency-Key' ? /^(202|422)$/ : /^20[012]$/;
      expect([what, String(status), faults]).toEqual([what, expect.stringMatching(expected), []]);
    }
  });

  it('is enough to generate a client from, which books, follows, reads and cancels', async () => {
    expect(await runWithGeneratedClient(system.gateway().url)).toEqual({
      booked: 202,
      ended: 'COMPLETED',
      steps: ['flight SUCCEEDED', 'hotel SUCCEEDED', 'car SUCCEEDED'],
      transitions: expect.any(Number),
      events: expect.any(Number),
      listed: expect.arrayContaining([true]),
      late: 409,
      refused: ['flight.seats'],
      cancelled: expect.any(Number),
    });
  }, 120_000);

  it('tells how a thousand odd requests are answered', async () => {
    const options = { requests: 1_000, concurrency: 16, seed: fuzzSeed(), operatorKey: OPERATOR_KEY };
    const { begun } = await expectWithstood(system, options);
    expect(begun.size).toBeGreaterThan(0);
  }, 60_000);
});
