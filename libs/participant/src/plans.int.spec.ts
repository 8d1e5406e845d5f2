import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { OutboxMessage } from '@clew/outbox';
import { StatementPlans } from '@clew/testing';
import { deleteFence, insertFence, readFence, recordResults } from './fence-rows.js';

let tables: StatementPlans;
beforeAll(async () => {
  tables = await StatementPlans.open('flights');
});
afterAll(() => tables?.close());

it('never reads the fence as a whole, though planned while it is empty', async () => {
  const scans = await tables.wholeScansBy(async (executor) => {
    await insertFence(executor, []);
    await readFence(executor, []);
    await recordResults(executor, [], [], 1_000, []);
    await deleteFence(executor, []);
  });
  expect(scans).toEqual([[], [], [], []]);
});

it('plans what a batch of one does once for all', async () => {
  const key = {
    sagaId: '0192f0c1-0000-7000-8000-000000000001',
    step: 'flight',
    direction: 'action',
    epoch: 0,
  } as const;
  const reply = { id: key.sagaId, destination: 'any', payload: {} } as unknown as OutboxMessage;
  await tables.fill(
    `INSERT INTO fence (saga_id, step, direction, epoch) SELECT gen_random_uuid(), 'flight', 'action', 0 FROM generate_series(1, 20000)`,
  );
  const planned = await tables.plannedEachTimeBy(async (executor) => {
    await insertFence(executor, [{ ...key, tombstone: false }]);
    await recordResults(executor, [{ key, outcome: 'done', reply: '{}' }], [reply], 1_000, [key.sagaId]);
  });
  expect(planned).toEqual([false, false]);
});
