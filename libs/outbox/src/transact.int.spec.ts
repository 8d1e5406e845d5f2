import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '@clew/testing';
import { PrismaClient } from '../../../apps/flights/src/database/client/client.js';
import { direct } from './direct-adapter.js';
import { directly } from './direct-statements.js';
import type { SqlExecutor } from './sql-database.js';
import { transact } from './transact.js';
import { DatabaseFault, isTransient, sqlState } from './transient.js';

describe.each([
  ['by the client', (adapter: PrismaPg): SqlDriverAdapterFactory => adapter],
  ['past the client', (adapter: PrismaPg) => direct(adapter)],
])('errors of Prisma and PostgreSQL, statements %s', (_, way) => {
  let testDatabase: TestDatabase;
  let database: PrismaClient;
  let other: Client;

  beforeAll(async () => {
    testDatabase = await createTestDatabase('flights');
    database = clientOf(testDatabase.url);
    other = new Client({ connectionString: testDatabase.url });
    await other.connect();
    await other.query('CREATE TABLE counter (id int PRIMARY KEY, value int NOT NULL)');
    await other.query('INSERT INTO counter VALUES (1, 0), (2, 0)');
  });

  afterAll(async () => {
    await other.end();
    await database.$disconnect();
    await testDatabase.drop();
  });

  const clientOf = (connectionString: string, max = 10) =>
    new PrismaClient({ adapter: way(new PrismaPg({ connectionString, max })) });
  const count = (transaction: SqlExecutor, id: number) =>
    transaction.$executeRawUnsafe('UPDATE counter SET value = value + 1 WHERE id = $1', id);
  const failureOf = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => {
        throw new Error('It should have failed');
      },
      (error: unknown) => error,
    );

  async function killConnections(): Promise<void> {
    await other.query(
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
  }

  it('a deadlock is transient', async () => {
    const met = [new Gate(), new Gate()];
    const cross = (mine: number) =>
      transact(database, async (transaction) => {
        await count(transaction, 1 + mine);
        met[mine]!.open();
        await met[1 - mine]!.opened;
        await count(transaction, 2 - mine);
      });
    const ends = await Promise.allSettled([cross(0), cross(1)]);
    const [lost] = ends.filter((end) => end.status === 'rejected');
    expect(sqlState(lost?.reason)).toBe('40P01');
    expect(isTransient(lost?.reason)).toBe(true);
  });

  it('a lock that is not available is transient', async () => {
    await other.query('BEGIN');
    await other.query('UPDATE counter SET value = 0');
    const error = await failureOf(
      transact(database, async (transaction) => {
        await transaction.$executeRawUnsafe("SET LOCAL lock_timeout = '50ms'");
        await count(transaction, 1);
      }),
    );
    await other.query('ROLLBACK');
    expect(sqlState(error)).toBe('55P03');
    expect(isTransient(error)).toBe(true);
  });

  it('a duplicate key is not transient, in a raw query and in a model call', async () => {
    const insert = () => directly(database).$executeRawUnsafe('INSERT INTO counter VALUES (1, 0)');
    const create = () =>
      database.flightInventory.create({
        data: { flightNumber: 'CL1', date: new Date('2027-01-01'), capacity: 1 },
      });
    await create();
    for (const again of [insert, create]) {
      const error = await failureOf(again());
      expect(sqlState(error)).toBe('23505');
      expect(isTransient(error)).toBe(false);
    }
  });

  it('a transaction that takes too long is transient', async () => {
    const work = transact(
      database,
      async (transaction) => {
        await transaction.$queryRawUnsafe('SELECT pg_sleep(0.2)::text');
        await count(transaction, 1);
      },
      { timeout: 100 },
    );
    expect(isTransient(await failureOf(work))).toBe(true);
  });

  it('a connection that is killed under a query is transient', async () => {
    const work = transact(database, async (transaction) => {
      const query = transaction.$queryRawUnsafe('SELECT pg_sleep(5)::text');
      query.catch(() => undefined);
      await killConnections();
      await query;
    });
    expect(isTransient(await failureOf(work))).toBe(true);
  });

  it('a connection that is killed between two queries is transient', async () => {
    const work = transact(database, async (transaction) => {
      await count(transaction, 1);
      await killConnections();
      await count(transaction, 1);
    });
    expect(isTransient(await failureOf(work))).toBe(true);
  });

  it('a connection that is killed before the commit is a database fault', async () => {
    const work = transact(database, async (transaction) => {
      await count(transaction, 1);
      await killConnections();
    });
    const error = await failureOf(work);
    expect(error).toBeInstanceOf(DatabaseFault);
    expect(isTransient(error)).toBe(true);
  });

  it('no free connection is transient', async () => {
    const single = clientOf(testDatabase.url, 1);
    const error = await transact(single, () =>
      failureOf(transact(single, (t) => count(t, 1), { maxWait: 100 })),
    );
    await single.$disconnect();
    expect(isTransient(error)).toBe(true);
  });

  it('a server that refuses, or hangs up, is transient', async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const client = clientOf(`postgresql://x:y@127.0.0.1:${port}/x`);
    for (const run of [
      () => client.$queryRawUnsafe('SELECT 1'),
      () => transact(client, (transaction) => count(transaction, 1)),
    ]) {
      expect(isTransient(await failureOf(run()))).toBe(true);
    }
    await new Promise((resolve) => server.close(resolve));
    for (const run of [
      () => client.$queryRawUnsafe('SELECT 1'),
      () => transact(client, (transaction) => count(transaction, 1)),
    ]) {
      expect(isTransient(await failureOf(run()))).toBe(true);
    }
    await client.$disconnect();
  });

  it('what the work throws comes out as it is, and is no fault of the database', async () => {
    const bug = new Error('a bug');
    const error = await failureOf(transact(database, () => Promise.reject(bug)));
    expect(error).toBe(bug);
    expect(isTransient(error)).toBe(false);
  });

  it('takes arrays with empty elements and with JSON text', async () => {
    const rows = await database.$queryRawUnsafe(
      'SELECT a, b, c, d::json FROM unnest($1::uuid[], $2::text[], $3::int[], $4::text[]) AS row(a, b, c, d)',
      ['0192a000-0000-7000-8000-000000000000', '0192a000-0000-7000-8000-000000000001'],
      ['NULL', null],
      [1, null],
      ['{"a":"q\\"uo,te{}"}', null],
    );
    expect(rows).toEqual([
      { a: '0192a000-0000-7000-8000-000000000000', b: 'NULL', c: 1, d: { a: 'q"uo,te{}' } },
      { a: '0192a000-0000-7000-8000-000000000001', b: null, c: null, d: null },
    ]);
  });
});

class Gate {
  open!: () => void;
  readonly opened = new Promise<void>((resolve) => (this.open = resolve));
}
