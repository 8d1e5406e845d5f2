import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PrismaPg } from '@prisma/adapter-pg';
import fc from 'fast-check';
import { createTestDatabase, type TestDatabase } from '@clew/testing';
import { PrismaClient } from '../../../apps/orchestrator/src/database/client/client.js';
import { jsonArray, sqlArray } from './sql-values.js';

describe('values as one parameter', () => {
  let database: TestDatabase;
  let prisma: PrismaClient;

  beforeAll(async () => {
    database = await createTestDatabase('orchestrator');
    prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: database.url }) });
  });
  afterAll(async () => {
    await prisma?.$disconnect();
    await database?.drop();
  });

  /** What PostgreSQL can store: any text without NUL and without half of a surrogate pair. */
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0')),
    fc.constantFrom('', 'NULL', 'null', '{}', ',', '"', '\\', '\\"', ' x ', '\n', '{"a":"b\\\\"}', 'é😀'),
    fc.uuid(),
  );

  it('are what they were when they are an array of texts, numbers or booleans', async () => {
    const rows = fc.array(fc.tuple(fc.option(text), fc.option(fc.integer()), fc.boolean()));
    await fc.assert(
      fc.asyncProperty(rows, async (given) => {
        const [read] = await prisma.$queryRawUnsafe<object[]>(
          'SELECT $1::text[] AS texts, $2::int[] AS ints, $3::bool[] AS bools',
          sqlArray(given.map(([one]) => one)),
          sqlArray(given.map(([, one]) => one)),
          sqlArray(given.map(([, , one]) => one)),
        );
        expect(read).toEqual({
          texts: given.map(([one]) => one),
          ints: given.map(([, one]) => one),
          bools: given.map(([, , one]) => one),
        });
      }),
    );
  });

  it('are what they were, to the letter, when they are JSON beside others', async () => {
    const json = fc.json({ noUnicodeString: false }).filter((value) => !value.includes('\\u0000'));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.uuid(), json)), async (given) => {
        const read = await prisma.$queryRawUnsafe<{ id: string; text: string }[]>(
          `SELECT id, value::text AS text
           FROM ROWS FROM (unnest($1::uuid[]), json_array_elements($2::json)) AS t (id, value)`,
          sqlArray(given.map(([id]) => id)),
          jsonArray(given.map(([, one]) => one)),
        );
        expect(read.map(({ id, text }) => [id, text])).toEqual(given);
      }),
    );
  });

  it('are refused, not shifted, when one of them is missing', async () => {
    const shifted = jsonArray(['1', undefined as unknown as string, '3']);
    await expect(prisma.$queryRawUnsafe('SELECT json_array_elements($1::json)', shifted)).rejects.toThrow(
      /json/,
    );
  });
});
