import { randomUUID } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import { readForget } from '@clew/envelope';
import type { OutboxMessage, SqlDatabase } from '@clew/outbox';
import { createTestDatabase, type TestDatabase } from '@clew/testing';
import { PrismaClient } from '../../../apps/orchestrator/src/database/client/client.js';
import { SagaCleaner, type SagaCleanerOptions } from './saga-cleaner.js';

const HOUR_MS = 3_600_000;
export const DESTINATIONS = ['shop.commands', 'bank.commands'];

/** An orchestrator's database in which sagas have ended, and cleaners on it. */
export class OldSagas {
  readonly warnings: string[] = [];
  /** Transactions that cleaners have begun, or have tried to begin. */
  transactions = 0;
  readonly #cleaners: SagaCleaner[] = [];
  readonly #clients: PrismaClient[] = [];

  private constructor(
    private readonly database: TestDatabase,
    readonly prisma: PrismaClient,
  ) {}

  static async create(): Promise<OldSagas> {
    const database = await createTestDatabase('orchestrator');
    const sagas = new OldSagas(database, clientOf(database.url));
    for (const sql of COUNT_DELETIONS) await sagas.prisma.$executeRawUnsafe(sql);
    return sagas;
  }

  /** Adds sagas with two rows of history each, and resolves with their ids, the first one having ended first. */
  async add(status: string, endedHoursAgo: number | undefined, count = 1): Promise<string[]> {
    const ids = Array.from({ length: count }, () => randomUUID());
    await this.prisma.$executeRawUnsafe(
      `INSERT INTO saga_instance (id, name, version, definition_hash, coordination, status, revision, input, state, created_at, ended_at)
       SELECT id, 'order', 1, 'hash', 'orchestration', $2, 2, '{}', '{"steps":{}}', now() - interval '1 year',
              now() - $3::float8 * interval '1 hour' + place * interval '1 ms'
       FROM unnest($1::uuid[]) WITH ORDINALITY AS saga (id, place)`,
      ids,
      status,
      endedHoursAgo ?? null,
    );
    await this.prisma.$executeRawUnsafe(
      `INSERT INTO saga_history (saga_id, revision, entries) SELECT id, revision, '[]'
       FROM unnest($1::uuid[]) AS id, generate_series(1, 2) AS revision`,
      ids,
    );
    return ids;
  }

  /** Makes one saga the child of another. */
  async adopt(parentId: string, childId: string): Promise<void> {
    await this.prisma.sagaInstance.update({ where: { id: childId }, data: { parentId } });
  }

  /** A process's worth of cleaner: sagas are kept for an hour. It isn't started. */
  cleaner(options: Partial<SagaCleanerOptions> = {}): SagaCleaner {
    const client = clientOf(this.database.url);
    const database = new Proxy(client, {
      get: (target, name) => {
        if (name === '$transaction') this.transactions += 1;
        const member: unknown = Reflect.get(target, name);
        return typeof member === 'function' ? (member.bind(target) as unknown) : member;
      },
    }) as SqlDatabase;
    const logger = { warn: (message: string) => this.warnings.push(message) };
    const cleaner = new SagaCleaner({
      database,
      logger,
      destinations: DESTINATIONS,
      retentionMs: HOUR_MS,
      everyMs: 20,
      pauseMs: 1,
      ...options,
    });
    this.#clients.push(client);
    this.#cleaners.push(cleaner);
    return cleaner;
  }

  /** Ids of the sagas that are still there. */
  async kept(): Promise<string[]> {
    return (await this.prisma.sagaInstance.findMany({ select: { id: true } })).map(({ id }) => id);
  }

  /** How many sagas each statement has deleted that deleted any, in their order. */
  async deletions(): Promise<number[]> {
    const rows = await this.prisma.$queryRawUnsafe<{ sagas: number }[]>(
      'SELECT sagas FROM counted_deletion ORDER BY place',
    );
    return rows.map(({ sagas }) => sagas);
  }

  /** The sagas that a participant is told to forget, in the order of the messages. */
  async forgotten(destination: string): Promise<string[]> {
    const rows = await this.prisma.outbox.findMany({ where: { destination }, orderBy: { id: 'asc' } });
    return rows.flatMap(({ message }) =>
      readForget({ content: Buffer.from((message as unknown as OutboxMessage).payload) }),
    );
  }

  /** Ends all connections and lets nobody in, as a database that is away, or lets everybody in again. */
  async letIn(everybody: boolean): Promise<void> {
    const url = new URL(this.database.url);
    const name = url.pathname.slice(1);
    url.pathname = '/postgres';
    const outside = clientOf(url.href);
    await outside.$executeRawUnsafe(`ALTER DATABASE "${name}" ALLOW_CONNECTIONS ${everybody}`);
    if (!everybody)
      await outside.$executeRawUnsafe(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1',
        name,
      );
    await outside.$disconnect();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#cleaners.map((cleaner) => cleaner.stop()));
    await Promise.all([this.prisma, ...this.#clients].map((client) => client.$disconnect()));
    await this.database.drop();
  }
}

const clientOf = (connectionString: string) =>
  new PrismaClient({ adapter: new PrismaPg({ connectionString }, { onPoolError: () => undefined }) });

const COUNT_DELETIONS = [
  'CREATE TABLE counted_deletion (place int GENERATED ALWAYS AS IDENTITY, sagas int NOT NULL)',
  `CREATE FUNCTION count_deletion() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     INSERT INTO counted_deletion (sagas) SELECT count(*) FROM gone;
     RETURN NULL;
   END $$`,
  `CREATE TRIGGER count_deletion AFTER DELETE ON saga_instance REFERENCING OLD TABLE AS gone
   FOR EACH STATEMENT EXECUTE FUNCTION count_deletion()`,
];
