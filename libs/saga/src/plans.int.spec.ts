import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { SqlExecutor } from '@clew/outbox';
import { createTestDatabase, wholeScansOf, type TestDatabase } from '@clew/testing';
import { commitStatement } from './commit-statement.js';
import { SagaStore } from './saga-store.js';

const yesAndNo = [false, true];

describe('plans that are made while all tables are empty', () => {
  let database: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    database = await createTestDatabase('orchestrator');
    // As the apps' clients are configured.
    client = new pg.Client({ connectionString: database.url, options: '-c enable_seqscan=off' });
    await client.connect();
    await client.query('VACUUM ANALYZE');
  });
  afterAll(async () => {
    await client?.end();
    await database?.drop();
  });

  it.each(
    yesAndNo.flatMap((withLocks) =>
      yesAndNo.flatMap((withOpenings) =>
        yesAndNo.map((withChildren) => ({ withLocks, withOpenings, withChildren })),
      ),
    ),
  )('read no table as a whole to commit a batch, %j', async (parts) => {
    expect(await wholeScansOf(client, commitStatement(parts))).toEqual([]);
  });

  it('read no table as a whole to load instances or claim deadlines', async () => {
    const statements: string[] = [];
    const recording = {
      $queryRawUnsafe: (sql: string) => {
        statements.push(sql);
        return Promise.resolve([]);
      },
    } as unknown as SqlExecutor;
    const store = new SagaStore(recording);
    await store.load(['0192f0c1-0000-7000-8000-000000000001']);
    await store.claimDeadlines(10, 1_000);
    expect(statements).toHaveLength(2);
    for (const sql of statements) expect([sql, await wholeScansOf(client, sql)]).toEqual([sql, []]);
  });
});
