import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { SqlExecutor } from '@clew/outbox';
import { createTestDatabase, wholeScansOf, type TestDatabase } from '@clew/testing';
import { deleteFence, insertFence, readFence, recordResults } from './fence-rows.js';

describe('plans that are made while the fence is empty', () => {
  let database: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    database = await createTestDatabase('flights');
    // As the apps' clients are configured.
    client = new pg.Client({ connectionString: database.url, options: '-c enable_seqscan=off' });
    await client.connect();
    await client.query('VACUUM ANALYZE');
  });
  afterAll(async () => {
    await client?.end();
    await database?.drop();
  });

  it('do not read it as a whole', async () => {
    const statements: string[] = [];
    const record = (sql: string) => {
      statements.push(sql);
      return Promise.resolve([]);
    };
    const recording = { $queryRawUnsafe: record, $executeRawUnsafe: record } as unknown as SqlExecutor;
    await insertFence(recording, []);
    await readFence(recording, []);
    await recordResults(recording, [], [], 1_000, []);
    await deleteFence(recording, []);
    expect(statements).toHaveLength(4);
    for (const sql of statements) expect([sql, await wholeScansOf(client, sql)]).toEqual([sql, []]);
  });
});
