import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Type } from '@nestjs/common';
import { Validator } from '@seriousme/openapi-schema-validator';
import { AppModule as CarsModule } from '../../apps/cars/src/app.module.js';
import { AppModule as FlightsModule } from '../../apps/flights/src/app.module.js';
import { AppModule as HotelsModule } from '../../apps/hotels/src/app.module.js';
import { AppModule as ShopDeliveryModule } from '../../apps/shop-delivery/src/app.module.js';
import { AppModule as ShopPaymentsModule } from '../../apps/shop-payments/src/app.module.js';
import { AppModule as ShopStockModule } from '../../apps/shop-stock/src/app.module.js';
import { badRequests } from '../../test/e2e/support/bad-requests.js';
import { trip } from '../../test/e2e/support/trip.js';
import { ApiSchemas } from '../../test/support/api-schemas.js';
import { gatewayDocument, openApiOf } from './open-api-of.js';

type Document = Awaited<ReturnType<typeof gatewayDocument>>;
type Operation = NonNullable<Document['paths'][string]['get']>;

let document: Document;
beforeAll(async () => {
  document = await gatewayDocument();
});

const operations = (): [path: string, operation: Operation][] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.values(methods as Record<string, Operation>).map((operation): [string, Operation] => [
      path,
      operation,
    ]),
  );

describe('the OpenAPI document of the gateway', () => {
  it('is one of version 3.1', async () => {
    expect(await faultsOf(document)).toBeUndefined();
    expect(document.openapi).toBe('3.1.0');
    expect(JSON.stringify(document)).not.toContain('"nullable"');
  });

  it('names and sums up every operation', () => {
    const ids = operations().map(([, { operationId }]) => operationId);
    expect(ids.length).toBeGreaterThan(25);
    expect(new Set(ids).size).toBe(ids.length);
    const nameless = operations().filter(
      ([, { operationId, summary }]) => !/^[a-z]+([A-Z][a-z]+)+$/.test(operationId ?? '') || !summary,
    );
    // Where this fails, a controller lacks @ApiOperation({ operationId: 'listThings', summary: 'List things' }).
    expect(nameless.map(([path, { operationId }]) => `${operationId} ${path}`)).toEqual([]);
  });

  it('defines every schema that it refers to', () => {
    const named = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]*)"/g)];
    expect(named.length).toBeGreaterThan(10);
    for (const [, name] of named) expect(Object.keys(document.components!.schemas!)).toContain(name);
  });

  it('describes the parts of a request with the rules that they are validated by', () => {
    const { schemas } = document.components!;
    expect(schemas!.BookTripRequest).toMatchObject({
      required: ['traveller', 'flight', 'hotel', 'car'],
      properties: { flight: { $ref: '#/components/schemas/ReserveFlight' } },
      additionalProperties: false,
    });
    expect(schemas!.ReserveFlight).toMatchObject({
      required: ['flightNumber', 'date', 'seats'],
      properties: { seats: { type: 'integer', minimum: 1, maximum: 500 } },
      additionalProperties: false,
    });
    expect(schemas!.Order).toMatchObject({
      required: ['customerId', 'items', 'address'],
      properties: {
        items: { type: 'array', maxItems: 20, items: { $ref: '#/components/schemas/OrderItem' } },
        giftWrap: { $ref: '#/components/schemas/WrapGift' },
      },
    });
    expect(schemas!.StepOperationRequest).toMatchObject({
      required: ['actor', 'reason', 'step'],
      properties: { reason: { type: 'string', minLength: 1, maxLength: 500 } },
    });
    const list = document.paths['/operations/sagas']!.get!.parameters!;
    expect(list).toContainEqual(
      expect.objectContaining({ name: 'saga', schema: expect.objectContaining({ maxLength: 100 }) }),
    );
  });

  it('allows no booking that the validation refuses, unless it is two fields that do not fit together', () => {
    const schemas = new ApiSchemas(document);
    const faultsOf = (body: unknown) => schemas.faultsOf(body, 'components', 'schemas', 'BookTripRequest');
    expect(faultsOf(trip())).toEqual([]);
    const allowed = badRequests
      .map(({ what, body }) => ({
        what,
        body: typeof body === 'string' ? (JSON.parse(body) as unknown) : body,
      }))
      .filter(({ body }) => faultsOf(body).length === 0);
    expect(allowed.map(({ what }) => what)).toEqual([
      '"2027-05-01" as hotel.checkOut',
      '"2027-04-30" as hotel.checkOut',
      '"2999-01-01" as hotel.checkOut',
      '"2027-04-30" as car.dropOff',
      '"2999-01-01" as car.dropOff',
    ]);
  });

  it('has an example of every body, which is as it describes it', () => {
    const schemas = new ApiSchemas(document);
    const bodies = operations().filter(([, { requestBody }]) => requestBody);
    expect(bodies.length).toBeGreaterThan(8);
    for (const [path, { requestBody }] of bodies) {
      const { schema, example } = (requestBody as { content: Record<string, never> }).content[
        'application/json'
      ]!;
      const { $ref } = schema as { $ref: string };
      expect([path, schemas.faultsOf(example, ...$ref.split('/').slice(1))]).toEqual([path, []]);
    }
  });

  it('asks for a key, which callers need not have while none are set', () => {
    expect(document.components!.securitySchemes).toEqual({ bearer: { type: 'http', scheme: 'bearer' } });
    for (const [path, { security }] of operations()) {
      const open = /^\/(health|metrics)/.test(path) ? undefined : [{ bearer: [] }, {}];
      expect(security).toEqual(path.startsWith('/operations/') ? [{ bearer: [] }] : open);
    }
  });

  it('describes every problem as problem+json', () => {
    const problems = operations()
      .filter(([path]) => !path.startsWith('/health/'))
      .flatMap(([, { responses }]) => Object.entries(responses))
      .filter(([status]) => status === 'default' || Number(status) >= 400);
    expect(problems.length).toBeGreaterThan(100);
    for (const [, response] of problems)
      expect(response).toMatchObject({
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      });
  });
});

describe('the OpenAPI documents of the participants', () => {
  const participants: [name: string, module: Type][] = [
    ['flights', FlightsModule],
    ['hotels', HotelsModule],
    ['cars', CarsModule],
    ['shop-stock', ShopStockModule],
    ['shop-payments', ShopPaymentsModule],
    ['shop-delivery', ShopDeliveryModule],
  ];
  it.each(participants)('are of version 3.1, too: %s', async (_name, module) => {
    const own = await openApiOf(module, 'A participant');
    expect(Object.keys(own.paths).length).toBeGreaterThan(2);
    expect(own.components?.securitySchemes).toEqual({ bearer: { type: 'http', scheme: 'bearer' } });
    expect(await faultsOf(own)).toBeUndefined();
  });
});

/** By the official schema. */
async function faultsOf(openApi: Document): Promise<unknown> {
  // It resolves references in what it is given.
  const { errors } = await new Validator().validate(
    structuredClone(openApi) as unknown as Record<string, unknown>,
  );
  return errors;
}
