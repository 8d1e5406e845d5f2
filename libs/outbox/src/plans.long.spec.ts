import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { NUMBERED_ID, numberedId, StatementPlans } from '@clew/testing';
import { outboxMessage } from './outbox-message.js';
import { claimOutbox, deleteOutbox, insertOutbox, setLeases } from './outbox-rows.js';

it('looks at a few pages of an outbox of a million messages that wait', async () => {
  const tables = await StatementPlans.open('flights');
  try {
    await tables.fill(`
      INSERT INTO outbox (id, destination, message, lease_until)
      SELECT ${NUMBERED_ID}, 'orchestrator.replies', '{}', now() - interval '1 minute' FROM generate_series(1, 1000000) n`);
    const message = outboxMessage({
      destination: 'orchestrator.replies',
      messageId: 'any',
      correlationId: randomUUID(),
      type: 'any',
      headers: {},
      payload: '{}',
    });
    const there = [numberedId(1), numberedId(500_000)];
    const pages = await tables.pagesReadBy(async (executor) => {
      await insertOutbox(executor, [message], 1_000);
      await deleteOutbox(executor, there);
      await setLeases(executor, new Map(there.map((id) => [id, 0])));
      await claimOutbox(executor, 10, 1_000);
    });
    expect(pages).toHaveLength(4);
    expect(pages.filter((count) => count === 0 || count > 300)).toEqual([]);
  } finally {
    await tables.close();
  }
}, 300_000);
