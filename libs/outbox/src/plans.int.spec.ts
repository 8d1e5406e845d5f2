import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, wholeScansOf, type TestDatabase } from '@clew/testing';
import type { OutboxMessage } from './outbox-message.js';
import { claimOutbox, deleteOutbox, insertOutbox, setLeases } from './outbox-rows.js';
import type { SqlExecutor } from './sql-database.js';

describe('plans that are made while the outbox is empty', () => {
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

  it('read it as a whole only to claim the oldest, and then in their order', async () => {
    const statements: string[] = [];
    const record = (sql: string) => {
      statements.push(sql);
      return Promise.resolve([]);
    };
    const recording = { $queryRawUnsafe: record, $executeRawUnsafe: record } as unknown as SqlExecutor;
    await insertOutbox(recording, [{ id: 'x' } as OutboxMessage], 1_000);
    await deleteOutbox(recording, []);
    await setLeases(recording, new Map());
    await claimOutbox(recording, 10, 1_000);
    const scans: string[][] = [];
    for (const sql of statements) scans.push(await wholeScansOf(client, sql));
    expect(scans).toEqual([[], [], [], ['Index Scan on outbox by outbox_pkey']]);
  });
});
