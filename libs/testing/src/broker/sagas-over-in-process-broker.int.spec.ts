/** A saga from its start to its end over the in-process broker: the port is all that engine and participant need. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Module, type INestApplication, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { PrismaPg } from '@prisma/adapter-pg';
import { IsString } from 'class-validator';
import {
  Command,
  CommandHandler,
  CommandRejected,
  CommandServer,
  connectParticipant,
  ParticipantModule,
} from '@clew/participant';
import { hasEnded, saga, SagaModule, Sagas, type SagaRecord } from '@clew/saga';
import { PrismaClient as FlightsClient } from '../../../../apps/flights/src/database/client/client.js';
import { PrismaClient } from '../../../../apps/orchestrator/src/database/client/client.js';
import { eventually } from '../eventually.js';
import { createTestDatabase, type TestDatabase } from '../test-database.js';
import { inProcessBroker } from './in-process-broker.js';

class Done {}
class Do {
  static readonly type = 'shop.do';
  static readonly reply = Done;
  @IsString()
  what!: string;
}
class Undo {
  static readonly type = 'shop.undo';
  static readonly reply = Done;
}

interface Order {
  readonly what: string;
}
const order = saga<Order>('order', { version: 1 })
  .step('stock', { action: Do, payload: ({ input }) => ({ what: input.what }), compensation: Undo })
  .step('pay', {
    action: Do,
    payload: ({ input }) => ({ what: input.what === 'too dear' ? 'refuse' : input.what }),
    compensation: Undo,
  })
  .end();

@Controller()
class ShopController {
  @CommandHandler(Do)
  do(@Command() { what }: Do): Done {
    if (what === 'refuse') throw new CommandRejected('REFUSED', 'No');
    return {};
  }

  @CommandHandler(Undo)
  undo(): Done {
    return {};
  }
}

describe('sagas over a broker in the process', () => {
  const broker = inProcessBroker();
  const databases: TestDatabase[] = [];
  const clients: { $disconnect(): Promise<void> }[] = [];
  const apps: INestApplication[] = [];
  let sagas: Sagas;
  let isReady: () => boolean;

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
        ParticipantModule.forRootAsync({ useFactory: () => ({ name: 'shop', broker, database: shop }) }),
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
    isReady = () => sagas.ready && server.ready;
    await eventually(isReady, { describe: 'both to be ready' });
  }, 60_000);

  afterEach(() => {
    expect(broker.deadLettersOf('shop.commands')).toEqual([]);
    expect(broker.deadLettersOf('orchestrator.replies')).toEqual([]);
  });

  afterAll(async () => {
    for (const app of apps) await app.close();
    for (const client of clients) await client.$disconnect();
    for (const database of databases) await database.drop();
  }, 60_000);

  const untilEnded = (id: string): Promise<SagaRecord> =>
    eventually(
      async () => {
        const record = await sagas.find(id);
        return record && hasEnded(record.state) ? record : undefined;
      },
      { within: 30_000, describe: `the end of saga ${id}` },
    );

  it('come to their end, done or undone', async () => {
    const tea = await sagas.start(order, { what: 'tea' });
    const pearls = await sagas.start(order, { what: 'too dear' });
    expect((await untilEnded(tea.id)).status).toBe('COMPLETED');
    expect(await untilEnded(pearls.id)).toMatchObject({
      status: 'COMPENSATED',
      state: { failure: { step: 'pay', code: 'REFUSED' } },
    });
  }, 60_000);

  it('wait for a broker that is away, and go on when it is back', async () => {
    broker.goAway();
    expect(isReady()).toBe(false);
    const started = await Promise.all(
      Array.from({ length: 20 }, (_, index) => sagas.start(order, { what: ['tea', 'too dear'][index % 2]! })),
    );
    broker.comeBack();
    const ended = await Promise.all(started.map(({ id }) => untilEnded(id)));
    expect(ended.map(({ status }) => status)).toEqual(
      started.map((_, index) => (index % 2 === 0 ? 'COMPLETED' : 'COMPENSATED')),
    );
    await eventually(() => broker.depthOf('shop.commands').unacked === 0);
    expect(broker.depthOf('shop.commands')).toEqual({ waiting: 0, unacked: 0 });
  }, 60_000);

  it('come to their end though it goes away again and again while they run', async () => {
    const started = await Promise.all(
      Array.from({ length: 30 }, (_, index) => sagas.start(order, { what: ['tea', 'too dear'][index % 2]! })),
    );
    for (let outages = 0; outages < 5; outages += 1) {
      await eventually(isReady, { every: 1 });
      broker.goAway();
      broker.comeBack();
    }
    const ended = await Promise.all(started.map(({ id }) => untilEnded(id)));
    expect(ended.map(({ status }) => status)).toEqual(
      started.map((_, index) => (index % 2 === 0 ? 'COMPLETED' : 'COMPENSATED')),
    );
  }, 60_000);
});
