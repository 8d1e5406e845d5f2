import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DEAD_LETTERS, Sagas } from '@clew/saga';
import { httpAdapter, openApiDocument } from '@clew/service';
import { BatchesController } from './operations/batches.controller.js';
import { DefinitionsController } from './operations/definitions.controller.js';
import { LagController } from './operations/lag.controller.js';
import { OperatorLog } from './operations/operator-log.js';
import { OperatorLogController } from './operations/operator-log.controller.js';
import { SagaOperations } from './operations/saga-operations.js';
import { SagaWaits } from './operations/saga-waits.js';
import { DeadLettersController } from './operations/dead-letters.controller.js';
import { SystemController } from './operations/system.controller.js';
import { PrismaService } from './database/prisma.service.js';
import { DoctorController } from './operations/doctor.controller.js';
import { OperationsController } from './operations/operations.controller.js';
import { FollowUpsController } from './orders/follow-ups.controller.js';
import { OrdersController } from './orders/orders.controller.js';
import { OrchestratorEnvironment } from './orchestrator-environment.js';
import { SagaEvents } from './saga-view/saga-events.js';
import { SagaStarter } from './starting/saga-starter.js';
import { BookingsController } from './bookings/bookings.controller.js';

// The document is made of what decorators say; no call is made.
@Module({
  controllers: [
    BookingsController,
    OrdersController,
    FollowUpsController,
    OperationsController,
    BatchesController,
    DefinitionsController,
    LagController,
    OperatorLogController,
    DeadLettersController,
    DoctorController,
    SystemController,
  ],
  providers: [
    { provide: Sagas, useValue: {} },
    { provide: SagaStarter, useValue: {} },
    { provide: SagaEvents, useValue: {} },
    { provide: OperatorLog, useValue: {} },
    { provide: SagaOperations, useValue: {} },
    { provide: SagaWaits, useValue: {} },
    { provide: DEAD_LETTERS, useValue: {} },
    { provide: PrismaService, useValue: {} },
    OrchestratorEnvironment,
  ],
})
class DocumentedModule {}

let app: NestFastifyApplication;
let document: ReturnType<typeof openApiDocument>;

beforeAll(async () => {
  app = await NestFactory.create<NestFastifyApplication>(DocumentedModule, httpAdapter(), { logger: false });
  document = openApiDocument(app, 'Clew');
});

afterAll(() => app?.close());

describe('the OpenAPI document', () => {
  it('defines every schema that it refers to', () => {
    const named = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]*)"/g)];
    expect(named.length).toBeGreaterThan(10);
    for (const [, name] of named) expect(Object.keys(document.components!.schemas!)).toContain(name);
  });

  it('describes the parts of a request with their rules', () => {
    const { schemas } = document.components!;
    expect(schemas!.BookTripRequest).toMatchObject({
      required: ['traveller', 'flight', 'hotel', 'car'],
      properties: { flight: { $ref: '#/components/schemas/ReserveFlight' } },
    });
    expect(schemas!.ReserveFlight).toMatchObject({
      required: ['flightNumber', 'date', 'seats'],
      properties: { seats: { type: 'integer', minimum: 1, maximum: 500 } },
    });
    expect(schemas!.Order).toMatchObject({
      required: ['customerId', 'items', 'address'],
      properties: {
        items: { type: 'array', maxItems: 20, items: { $ref: '#/components/schemas/OrderItem' } },
        giftWrap: { allOf: [{ $ref: '#/components/schemas/WrapGift' }] },
      },
    });
  });

  it('asks for a key, which callers need not have while none are set', () => {
    expect(document.components!.securitySchemes).toEqual({ bearer: { type: 'http', scheme: 'bearer' } });
    const calls = Object.entries(document.paths).map(
      ([path, { get, post }]) => [path, (get ?? post)?.security] as const,
    );
    expect(calls.length).toBeGreaterThan(15);
    for (const [path, security] of calls)
      expect(security).toEqual(path.startsWith('/operations/') ? [{ bearer: [] }] : [{ bearer: [] }, {}]);
  });

  it('describes every problem as problem+json', () => {
    const operations = Object.values(document.paths).flatMap((path) => [path.get, path.post]);
    const problems = operations
      .flatMap((operation) => Object.entries(operation?.responses ?? {}))
      .filter(([status]) => Number(status) >= 400);
    expect(problems.length).toBeGreaterThan(8);
    for (const [, response] of problems) {
      expect(response).toMatchObject({
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      });
    }
  });
});
