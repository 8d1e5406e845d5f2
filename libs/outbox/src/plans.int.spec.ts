import { expect, it } from '@jest/globals';
import { StatementPlans } from '@clew/testing';
import type { OutboxMessage } from './outbox-message.js';
import { claimOutbox, deleteOutbox, insertOutbox, setLeases } from './outbox-rows.js';

it('reads the outbox as a whole only to claim the oldest, in their order, though planned while it is empty', async () => {
  const tables = await StatementPlans.open('flights');
  try {
    const scans = await tables.wholeScansBy(async (executor) => {
      await insertOutbox(executor, [{ id: 'any' } as OutboxMessage], 1_000);
      await deleteOutbox(executor, []);
      await setLeases(executor, new Map([['any', 0]]));
      await claimOutbox(executor, 10, 1_000);
    });
    expect(scans).toEqual([[], [], [], ['Index Scan on outbox by outbox_pkey']]);
  } finally {
    await tables.close();
  }
});
