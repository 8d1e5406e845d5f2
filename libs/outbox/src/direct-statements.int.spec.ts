import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlDriverAdapterFactory, SqlQuery, SqlQueryable } from '@prisma/driver-adapter-utils';
import { createTestDatabase, type TestDatabase } from '@clew/testing';
import { PrismaClient } from '../../../apps/flights/src/database/client/client.js';
import { direct, listening, type DirectTransaction } from './direct-adapter.js';
import { directly, statementsIn } from './direct-statements.js';
import type { SqlExecutor } from './sql-database.js';
import { statementsOf } from './statements-of.js';
import { transact } from './transact.js';
import { DatabaseFault, isTransient } from './transient.js';

const INSERT = 'INSERT INTO note VALUES ($1)';

describe('statements past the client', () => {
  let here: TestDatabase;
  let elsewhere: TestDatabase;
  let client: Counted;
  let other: Counted;

  beforeAll(async () => {
    [here, elsewhere] = await Promise.all([createTestDatabase('flights'), createTestDatabase('flights')]);
    client = countedClient(here.url);
    other = countedClient(elsewhere.url);
    for (const database of [client, other])
      await database.$executeRawUnsafe('CREATE TABLE note (text text PRIMARY KEY)');
  });

  beforeEach(async () => {
    for (const database of [client, other]) await database.$executeRawUnsafe('DELETE FROM note');
    client.statements.length = 0;
  });

  afterAll(async () => {
    await Promise.all([client.$disconnect(), other.$disconnect()]);
    await Promise.all([here.drop(), elsewhere.drop()]);
  });

  const notesOf = async (database: SqlExecutor) => {
    const rows = await database.$queryRawUnsafe<{ text: string }[]>('SELECT text FROM note ORDER BY text');
    return rows.map(({ text }) => text);
  };

  it('ask the client once, to learn where it runs them', async () => {
    const database = directly(client);
    for (const text of ['a', 'b', 'c']) await database.$executeRawUnsafe(INSERT, text);
    expect(client.statements).toEqual([INSERT]);
    expect(await notesOf(database)).toEqual(['a', 'b', 'c']);
  });

  it('are run by the client if its adapter is any', async () => {
    const plain = new PrismaClient({ adapter: new PrismaPg({ connectionString: here.url }) });
    const database = directly(plain);
    for (const text of ['a', 'b']) await database.$executeRawUnsafe(INSERT, text);
    await transact(plain, async (transaction, ofClient) => {
      expect(transaction).toBe(ofClient);
      await transaction.$executeRawUnsafe(INSERT, 'c');
    });
    expect(await notesOf(client)).toEqual(['a', 'b', 'c']);
    await plain.$disconnect();
  });

  it('are in the transaction of the client, and end with it', async () => {
    await transact(client, async (transaction, ofClient) => {
      await transaction.$executeRawUnsafe(INSERT, 'a');
      expect(await notesOf(ofClient)).toEqual(['a']);
      await ofClient.$executeRawUnsafe(INSERT, 'b');
      expect(await notesOf(transaction)).toEqual(['a', 'b']);
    });
    const refused = transact(client, async (transaction) => {
      await transaction.$executeRawUnsafe(INSERT, 'c');
      throw new Error('no');
    });
    await expect(refused).rejects.toThrow('no');
    expect(await notesOf(client)).toEqual(['a', 'b']);
    expect(client.statements).not.toContain(undefined);
  });

  it('that a handler writes as templates are in its transaction; elsewhere they go by the client', async () => {
    await transact(client, async (transaction, ofClient) => {
      for (const text of ['b', 'a'])
        expect(await statementsOf(ofClient).$executeRaw`INSERT INTO note VALUES (${text})`).toBe(1);
      const asked = statementsOf(ofClient)
        .$queryRaw`SELECT text FROM note WHERE text IN (${'a'}, ${'b'}) ORDER BY 1`;
      expect(await asked).toEqual([{ text: 'a' }, { text: 'b' }]);
      expect(await notesOf(transaction)).toEqual(['a', 'b']);
    });
    expect(client.statements.filter((sql) => sql.includes('note'))).toEqual([]);
    await statementsOf(client).$executeRaw`INSERT INTO note VALUES (${'c'})`;
    expect(client.statements).toContain(INSERT);
    expect(await notesOf(client)).toEqual(['a', 'b', 'c']);
  });

  it.each(['commits', 'rolls back'])('are refused once the client %s', async (end) => {
    let kept!: SqlExecutor;
    await transact(client, (transaction) => {
      kept = transaction;
      return end === 'commits' ? Promise.resolve() : Promise.reject(new Error('no'));
    }).catch(() => undefined);
    const late = kept.$executeRawUnsafe(INSERT, 'late');
    await expect(late).rejects.toThrow(DatabaseFault);
    expect(await notesOf(client)).toEqual([]);
  });

  it('are refused from the statement on by which the client ends what took too long', async () => {
    let begun: DirectTransaction | undefined;
    const refusals: unknown[] = [];
    const lost = listening({ began: (transaction) => (begun = transaction) }, () =>
      client.$transaction(
        async () => {
          const statements = statementsIn(begun!);
          // The client's timer ends the transaction between two of them, and has the connection for a while after that.
          for (let n = 1; refusals.length === 0; n += 1) {
            statements.$executeRawUnsafe(INSERT, `${n}`).catch((error: unknown) => refusals.push(error));
            await new Promise((resolve) => setImmediate(resolve));
          }
        },
        { timeout: 50 },
      ),
    );
    await expect(lost).rejects.toMatchObject({ code: 'P2028' });
    expect(isTransient(refusals[0])).toBe(true);
    expect(await notesOf(client)).toEqual([]);
  });

  it('go where the client goes after it was disconnected', async () => {
    const database = directly(client);
    await database.$executeRawUnsafe(INSERT, 'a');
    await client.$disconnect();
    await database.$executeRawUnsafe(INSERT, 'b');
    await database.$executeRawUnsafe(INSERT, 'c');
    expect(await notesOf(database)).toEqual(['a', 'b', 'c']);
  });

  it('are never run by another client that this one makes use of', async () => {
    const busy: SqlExecutor = {
      $queryRawUnsafe: (sql, ...values) => client.$queryRawUnsafe(sql, ...values),
      $executeRawUnsafe: async (sql, ...values) => {
        const touched = await client.$executeRawUnsafe(sql, ...values);
        await notesOf(other);
        return touched;
      },
    };
    const database = directly(busy);
    for (const text of ['a', 'b']) await database.$executeRawUnsafe(INSERT, text);
    expect(await notesOf(client)).toEqual(['a', 'b']);
    expect(await notesOf(other)).toEqual([]);
  });

  it('of a transaction that work begins elsewhere are no concern of it', async () => {
    const plain = new PrismaClient({ adapter: new PrismaPg({ connectionString: here.url }) });
    await transact(plain, async (transaction) => {
      await transact(other, (inOther) => inOther.$executeRawUnsafe(INSERT, 'other'));
      await transaction.$executeRawUnsafe(INSERT, 'plain');
    });
    expect([await notesOf(client), await notesOf(other)]).toEqual([['plain'], ['other']]);
    await plain.$disconnect();
  });

  it('give the values that the client gives', async () => {
    const sql = `SELECT 1 AS "int", 2::bigint AS "bigint", 1.5::float8 AS "double", true AS "bool", 'text' AS "text",
      '0192a000-0000-7000-8000-000000000000'::uuid AS "uuid", '{"a":[1,"x"]}'::json AS "json", '{"b":null}'::jsonb AS "jsonb",
      'null'::json AS "json null", '2026-02-03 04:05:06.789+00'::timestamptz AS "time", '2026-02-03'::date AS "date", NULL::int AS "null", $1::int AS "value"`;
    const database = directly(client);
    const [byClient, past] = [await database.$queryRawUnsafe(sql, 7), await database.$queryRawUnsafe(sql, 7)];
    expect(past).toEqual(byClient);
    expect(client.statements).toEqual([sql]);
  });

  it('fail of a value that is none, once and for all', async () => {
    const database = directly(client);
    await database.$queryRawUnsafe('SELECT 1');
    const bug = new TypeError('no value');
    const toPostgres = () => {
      throw bug;
    };
    const error: unknown = await database
      .$executeRawUnsafe(INSERT, { toPostgres })
      .catch((thrown: unknown) => thrown);
    expect(error).toBe(bug);
    expect(isTransient(error)).toBe(false);
  });

  it('leave no values with an adapter that remembers what it was asked', async () => {
    const asked: SqlQuery[] = [];
    const remembering = new PrismaClient({ adapter: direct(remembers(here.url, asked)) });
    await remembering.$executeRawUnsafe(INSERT, 'by the client');
    const database = directly(remembering);
    await database.$executeRawUnsafe(INSERT, 'to learn where');
    await expect(database.$executeRawUnsafe(INSERT, 'to learn where')).rejects.toThrow();
    await transact(remembering, async (transaction, ofClient) => {
      await transaction.$executeRawUnsafe(INSERT, 'past it');
      await transaction.$queryRawUnsafe('SELECT $1::text', 'past it');
      await ofClient.$executeRawUnsafe(INSERT, 'in a transaction');
      await ofClient.$queryRawUnsafe('SELECT $1::text', 'in a transaction');
    });
    await remembering.$disconnect();
    expect(asked.filter(({ sql }) => sql.includes('$1'))).toHaveLength(7);
    expect(asked.filter(({ args }) => args.length > 0)).toEqual([]);
  });

  it('say so when a column is of a type that they don’t read', async () => {
    const database = directly(client);
    await database.$queryRawUnsafe('SELECT 1');
    const asked = database.$queryRawUnsafe('SELECT 1.5::numeric AS price');
    await expect(asked).rejects.toThrow("Column price is of a type that isn't read directly");
  });
});

/** A client that tells of the statements that it ran itself. */
type Counted = PrismaClient & { readonly statements: string[] };

function countedClient(connectionString: string): Counted {
  const statements: string[] = [];
  const client = new PrismaClient({
    adapter: direct(new PrismaPg({ connectionString })),
    log: [{ emit: 'event', level: 'query' }],
  });
  client.$on('query', ({ query }) => statements.push(query));
  return Object.assign(client, { statements });
}

/** The adapter of PostgreSQL, which notes what it is asked. */
function remembers(connectionString: string, asked: SqlQuery[]): SqlDriverAdapterFactory {
  const factory = new PrismaPg({ connectionString });
  const noting = <Queryable extends SqlQueryable>(queryable: Queryable): Queryable => {
    for (const name of ['queryRaw', 'executeRaw'] as const) {
      const ask = queryable[name].bind(queryable) as (query: SqlQuery) => Promise<never>;
      queryable[name] = (query: SqlQuery) => {
        asked.push(query);
        return ask(query);
      };
    }
    return queryable;
  };
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => {
      const adapter = noting(await factory.connect());
      const begin = adapter.startTransaction.bind(adapter);
      adapter.startTransaction = async (...isolation) => noting(await begin(...isolation));
      return adapter;
    },
  };
}
