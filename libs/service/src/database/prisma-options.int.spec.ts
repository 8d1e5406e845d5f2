import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { transact } from '@clew/outbox';
import { createTestDatabase, type TestDatabase } from '@clew/testing';
import pg from 'pg';
import { PrismaClient } from '../../../../apps/flights/src/database/client/client.js';
import { prismaOptions } from './prisma-options.js';

describe('a client of a database that isolates transactions more than the libraries ask for', () => {
  let database: TestDatabase;
  let client: PrismaClient;

  beforeAll(async () => {
    database = await createTestDatabase('flights');
    const name = new URL(database.url).pathname.slice(1);
    const administrator = new pg.Client({ connectionString: database.url });
    await administrator.connect();
    await administrator.query(`ALTER DATABASE "${name}" SET default_transaction_isolation = 'serializable'`);
    await administrator.end();
    const environment = {
      DATABASE_URL: database.url,
      CLEW_NAMESPACE: name.slice(0, -'_flights'.length),
      CLEW_DATABASE_POOL: 2,
    };
    client = new PrismaClient(prismaOptions('flights', environment, () => undefined));
  });

  afterEach(() => void jest.restoreAllMocks());

  afterAll(async () => {
    await client?.$disconnect();
    await database?.drop();
  });

  const isolationOf = async (isolationLevel?: 'Serializable') => {
    const options = isolationLevel && { isolationLevel };
    const [row] = await transact(
      client,
      (transaction) =>
        transaction.$queryRawUnsafe<{ isolation: string }[]>(
          `SELECT current_setting('transaction_isolation') AS isolation`,
        ),
      options,
    );
    return row!.isolation;
  };

  it('has them read what is committed, without a statement to say so', async () => {
    const query = jest.spyOn(pg.Client.prototype, 'query');
    expect(await isolationOf()).toBe('read committed');
    const texts = query.mock.calls.map(([asked]) => (asked as unknown as { text: string }).text);
    expect(texts).toEqual(['BEGIN', expect.stringContaining('SELECT'), 'COMMIT']);
  });

  it('has those isolated more that ask for it', async () => {
    expect(await isolationOf('Serializable')).toBe('serializable');
  });
});
