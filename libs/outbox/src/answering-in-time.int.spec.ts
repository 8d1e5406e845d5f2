import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PrismaPg } from '@prisma/adapter-pg';
import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '@clew/testing';
import { PrismaClient } from '../../../apps/flights/src/database/client/client.js';
import { answeringInTime } from './answering-in-time.js';
import { DatabaseFault, isTransient } from './transient.js';

describe('a database that is to answer in time', () => {
  let testDatabase: TestDatabase;
  let database: PrismaClient;
  let other: Client;
  beforeAll(async () => {
    testDatabase = await createTestDatabase('flights');
    database = new PrismaClient({ adapter: new PrismaPg({ connectionString: testDatabase.url, max: 1 }) });
    other = new Client({ connectionString: testDatabase.url });
    await other.connect();
    await other.query('CREATE TABLE thing (name text)');
  });
  afterAll(async () => {
    await other.end();
    await database.$disconnect();
    await testDatabase.drop();
  });

  it('answers as it would, and fails as it would', async () => {
    const asked = answeringInTime(database, 60_000);
    expect(await asked.$executeRawUnsafe('INSERT INTO thing VALUES ($1)', 'before')).toBe(1);
    expect(await asked.$queryRawUnsafe('SELECT name FROM thing')).toEqual([{ name: 'before' }]);
    await expect(asked.$queryRawUnsafe('SELECT nonsense')).rejects.toMatchObject({ code: 'P2010' });
  });

  it('is given up when it says nothing, for what passes; what was asked is done all the same', async () => {
    const asked = answeringInTime(database, 100);
    await other.query('BEGIN; LOCK TABLE thing');
    const questions = [
      asked.$queryRawUnsafe('SELECT name FROM thing'),
      asked.$executeRawUnsafe('INSERT INTO thing VALUES ($1)', 'after'),
    ];
    for (const question of questions) {
      const error: unknown = await question.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(DatabaseFault);
      expect(isTransient(error)).toBe(true);
    }
    await other.query('COMMIT');
    // On the one connection there is, so behind them.
    expect(await database.$queryRawUnsafe('SELECT name FROM thing')).toEqual([
      { name: 'before' },
      { name: 'after' },
    ]);
  });
});
