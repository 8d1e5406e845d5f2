import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EmptyTables } from '@clew/testing';
import { commitStatement } from './commit-statement.js';
import { SagaStore } from './saga-store.js';

const yesAndNo = [false, true];

describe('statements that are planned while all tables are empty', () => {
  let tables: EmptyTables;
  beforeAll(async () => {
    tables = await EmptyTables.open('orchestrator');
  });
  afterAll(() => tables?.close());

  it.each(
    yesAndNo.flatMap((withLocks) =>
      yesAndNo.flatMap((withOpenings) =>
        yesAndNo.map((withChildren) => ({ withLocks, withOpenings, withChildren })),
      ),
    ),
  )('read none as a whole to commit a batch, %j', async (parts) => {
    const scans = await tables.wholeScansBy((executor) => executor.$queryRawUnsafe(commitStatement(parts)));
    expect(scans).toEqual([[]]);
  });

  it('read none as a whole to load instances or claim deadlines', async () => {
    const scans = await tables.wholeScansBy(async (executor) => {
      const store = new SagaStore(executor);
      await store.load(['0192f0c1-0000-7000-8000-000000000001']);
      await store.claimDeadlines(10, 1_000);
    });
    expect(scans).toEqual([[], []]);
  });
});
