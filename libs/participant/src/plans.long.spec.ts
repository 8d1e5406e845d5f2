import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { NUMBERED_ID, numberedId, StatementPlans } from '@clew/testing';
import { outboxMessage } from '@clew/outbox';
import { deleteFence, insertFence, readFence, recordResults } from './fence-rows.js';

/** A batch of ten looks at some hundreds, most of them of indexes; the fence alone has more than 14,000. */
const FEW_PAGES = 1_000;

let tables: StatementPlans;
beforeAll(async () => {
  tables = await StatementPlans.open('flights');
  await tables.fill(`
    INSERT INTO fence (saga_id, step, direction, epoch, outcome, reply)
    SELECT ${NUMBERED_ID}, 'flight', 'action', 0, 'done', '{"reservationId":"0192f0c1-0000-7000-8000-000000000001"}'
    FROM generate_series(1, 1000000) n;
    INSERT INTO outbox (id, destination, message, lease_until)
    SELECT ${NUMBERED_ID}, 'orchestrator.replies', '{}', now() + interval '1 hour' FROM generate_series(1, 1000000) n`);
}, 300_000);
afterAll(() => tables?.close(), 60_000);

it('looks at a few pages of a fence of a million rows and an outbox as long', async () => {
  const there = Array.from({ length: 5 }, (_, n) => numberedId(1 + n * 100_000));
  const ids = [...there, ...Array.from({ length: 5 }, () => randomUUID())];
  const keys = ids.map((sagaId) => ({ sagaId, step: 'flight', direction: 'action', epoch: 0 }) as const);
  const replies = ids.map((sagaId) =>
    outboxMessage({
      destination: 'orchestrator.replies',
      messageId: `${sagaId}/reply`,
      correlationId: sagaId,
      type: 'flights.reserve.reply',
      headers: {},
      payload: '{}',
    }),
  );
  const pages = await tables.pagesReadBy(async (executor) => {
    await insertFence(
      executor,
      keys.map((key) => ({ ...key, tombstone: false })),
    );
    await readFence(executor, keys);
    const results = keys.map((key) => ({ key, outcome: 'done', reply: '{}' }) as const);
    await recordResults(executor, results, replies, 1_000, there);
    await deleteFence(executor, ids);
  });
  expect(pages).toHaveLength(4);
  expect(pages.filter((count) => count === 0 || count > FEW_PAGES)).toEqual([]);
});
