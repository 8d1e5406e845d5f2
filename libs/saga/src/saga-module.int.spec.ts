/** Module, broker, database and participants together, with all that a definition can have. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Module, type INestApplication, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { PrismaPg } from '@prisma/adapter-pg';
import { IsOptional, IsString } from 'class-validator';
import {
  Command,
  CommandHandler,
  CommandRejected,
  CommandServer,
  connectParticipant,
  ParticipantModule,
} from '@clew/participant';
import { deleteTopology, rabbitmq } from '@clew/rabbitmq';
import { createTestDatabase, eventually, type TestDatabase } from '@clew/testing';
import { PrismaClient as FlightsClient } from '../../../apps/flights/src/database/client/client.js';
import { PrismaClient } from '../../../apps/orchestrator/src/database/client/client.js';
import { childSagaId, hasEnded, saga, SagaModule, Sagas, type SagaRecord } from './index.js';

class Done {
  said?: string;
}
class Do {
  static readonly type = 'shop.do';
  static readonly reply = Done;
  @IsString()
  what!: string;
  @IsOptional()
  @IsString()
  after?: string;
}
class Undo {
  static readonly type = 'shop.undo';
  static readonly reply = Done;
}

interface Order {
  readonly what: string;
  readonly isGift: boolean;
}
const step = {
  action: Do,
  payload: ({ input }: { input: Order }) => ({ what: input.what }),
  compensation: Undo,
};
const packing = saga<Order>('packing', { version: 1, lock: () => 'tape' })
  .step('box', step)
  .step('label', step)
  .end();
const order = saga<Order>('order', { version: 1, timeoutMs: 60_000, lock: ({ what }) => `item:${what}` })
  .step('stock', step)
  .step('ribbon', { ...step, when: ({ input }) => input.isGift })
  .child('pack', { saga: packing, input: ({ input }) => input })
  .step('pay', {
    action: Do,
    payload: ({ input, results }) => ({
      what: input.what === 'too dear' ? 'refuse' : input.what,
      after: [results.ribbon?.said ?? 'plain', results.pack.results.label.said].join(),
    }),
    pivot: true,
  })
  .step('ship', { action: Do, payload: ({ input }) => ({ what: input.what }), retriable: true })
  .end();

@Controller()
class ShopController {
  @CommandHandler(Do)
  do(@Command() { what, after }: Do): Done {
    if (what === 'refuse') throw new CommandRejected('REFUSED', 'No');
    return { said: after ?? what };
  }

  @CommandHandler(Undo)
  undo(): Done {
    return {};
  }
}

describe('sagas in a Nest application', () => {
  const amqpUrl = process.env['CLEW_TEST_AMQP_URL']!;
  const namespace = `clew-test-${randomUUID()}`;
  const broker = rabbitmq({ url: amqpUrl, namespace });
  const databases: TestDatabase[] = [];
  const clients: { $disconnect(): Promise<void> }[] = [];
  const apps: INestApplication[] = [];
  let sagas: Sagas;

  beforeAll(async () => {
    const own = await createTestDatabase('orchestrator');
    const theirs = await createTestDatabase('flights');
    databases.push(own, theirs);
    const database = new PrismaClient({ adapter: new PrismaPg({ connectionString: own.url }) });
    const shop = new FlightsClient({ adapter: new PrismaPg({ connectionString: theirs.url }) });
    clients.push(database, shop);

    @Module({
      imports: [
        SagaModule.forRootAsync({
          definitions: [order],
          useFactory: () => ({ name: 'orchestrator', broker, database }),
        }),
      ],
    })
    class OrchestratorModule {}
    @Module({
      imports: [
        ParticipantModule.forRootAsync({
          useFactory: () => ({ name: 'shop', broker, database: shop }),
        }),
      ],
      controllers: [ShopController],
    })
    class ShopModule {}

    const create = async (module: Type): Promise<INestApplication> => {
      const app = await NestFactory.create(module, new FastifyAdapter(), { logger: false });
      apps.push(app);
      return app;
    };
    const orchestrator = await create(OrchestratorModule);
    await orchestrator.init();
    sagas = orchestrator.get(Sagas);
    const participant = await create(ShopModule);
    connectParticipant(participant);
    await participant.init();
    await participant.startAllMicroservices();
    const server = participant.get(CommandServer, { strict: false });
    await eventually(() => sagas.ready && server.ready, { within: 20_000, describe: 'both to be ready' });
  }, 60_000);

  afterAll(async () => {
    for (const app of apps) await app.close();
    for (const client of clients) await client.$disconnect();
    for (const database of databases) await database.drop();
    const queues = ['shop.commands', 'orchestrator.replies', 'orchestrator.commands'];
    await deleteTopology(amqpUrl, { namespace, queues });
  }, 60_000);

  const untilEnded = (id: string): Promise<SagaRecord> =>
    eventually(
      async () => {
        const record = await sagas.find(id);
        if (record && hasEnded(record.state)) return record;
        throw new Error(`it is ${record?.status}: ${JSON.stringify(record?.state)}`);
      },
      { within: 50_000, describe: `the end of saga ${id}` },
    );
  const events = ({ history }: SagaRecord) =>
    history.flatMap(({ entries }) => entries.map(({ event }) => event));

  it('go through locks, conditions, a child, the pivot and what comes after it', async () => {
    const { id } = await sagas.start(order, { what: 'tea', isGift: false });
    const record = await untilEnded(id);
    expect(record.status).toBe('COMPLETED');
    expect(record.state.steps).toMatchObject({
      ribbon: { status: 'SKIPPED', because: 'condition' },
      pack: { status: 'SUCCEEDED', action: { result: { results: { label: { said: 'tea' } } } } },
      pay: { action: { result: { said: 'plain,tea' } } },
    });
    expect(await sagas.find(childSagaId(id, 'pack', 0))).toMatchObject({
      saga: 'packing',
      status: 'COMPLETED',
      state: { parent: { sagaId: id, step: 'pack', locks: ['item:tea'] } },
    });
    const wrapped = await sagas.start(order, { what: 'tea', isGift: true });
    expect((await untilEnded(wrapped.id)).state.steps).toMatchObject({
      ribbon: { status: 'SUCCEEDED' },
      pay: { action: { result: { said: 'tea,tea' } } },
    });
  }, 30_000);

  it('turn back past a child that was done, which turns back itself', async () => {
    const { id } = await sagas.start(order, { what: 'too dear', isGift: true });
    const record = await untilEnded(id);
    expect(record).toMatchObject({
      status: 'COMPENSATED',
      state: { failure: { step: 'pay', code: 'REFUSED' } },
    });
    const undone = events(record).flatMap((event) => (event.type === 'StepCompensated' ? [event.step] : []));
    expect(undone).toEqual(['pack', 'ribbon', 'stock']);
    const child = await sagas.find(childSagaId(id, 'pack', 0));
    expect(events(child!).map(({ type }) => type)).toEqual(
      expect.arrayContaining(['SagaCompleted', 'UndoRequested', 'CompensationBegan', 'SagaCompensated']),
    );
  }, 30_000);

  it('all end, many at once over few locks, and leave no lock behind', async () => {
    const started = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        sagas.start(order, { what: ['tea', 'milk', 'too dear'][index % 3]!, isGift: index % 2 === 0 }),
      ),
    );
    const ended = await Promise.all(started.map(({ id }) => untilEnded(id)));
    const expected = started.map((_, index) => (index % 3 === 2 ? 'COMPENSATED' : 'COMPLETED'));
    expect(ended.map(({ status }) => status)).toEqual(expected);
    await eventually(async () => (await sagas.locks()).length === 0, { describe: 'no lock to be left' });
  }, 60_000);
});
