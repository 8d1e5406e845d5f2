import { expect, it } from '@jest/globals';
import { EmptyTables } from '@clew/testing';
import { deleteFence, insertFence, readFence, recordResults } from './fence-rows.js';

it('never reads the fence as a whole, though planned while it is empty', async () => {
  const tables = await EmptyTables.open('flights');
  try {
    const scans = await tables.wholeScansBy(async (executor) => {
      await insertFence(executor, []);
      await readFence(executor, []);
      await recordResults(executor, [], [], 1_000, []);
      await deleteFence(executor, []);
    });
    expect(scans).toEqual([[], [], [], []]);
  } finally {
    await tables.close();
  }
});
