import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { outboxMessage } from '@clew/outbox';
import { NUMBERED_ID, numberedId, StatementPlans } from '@clew/testing';
import { SagaReader } from './saga-reader.js';
import { SagaStore } from './saga-store.js';
import type { Opening } from './saga-record.js';
import type { Transition } from './transition.js';

/** Of each table there are more than 7,000. */
const FEW_PAGES = 1_500;

const STATE = JSON.stringify({ steps: { flight: { status: 'SUCCEEDED' } } });

let tables: StatementPlans;
beforeAll(async () => {
  tables = await StatementPlans.open('orchestrator');
  await tables.fill(`
    INSERT INTO saga_instance (id, name, version, definition_hash, coordination, status, revision, input, state, ended_at)
    SELECT ${NUMBERED_ID}, 'trip-booking', 1, 'any', 'orchestration', CASE WHEN n % 10 = 0 THEN 'RUNNING' ELSE 'COMPLETED' END, 4,
      '{"traveller":"Ada Lovelace"}', '${STATE}', CASE WHEN n % 10 > 0 THEN now() END
    FROM generate_series(1, 1000000) n;
    INSERT INTO saga_opening (saga_id, owner, subject, key, fingerprint)
    SELECT id, 'owner ' || id, 'ada@example.org', 'key ' || id, 'any' FROM saga_instance;
    INSERT INTO saga_history (saga_id, revision, entries) SELECT id, 4, '[{"event":{"type":"SagaCompleted"}}]' FROM saga_instance;
    INSERT INTO saga_deadline (saga_id, step, direction, epoch, attempt, due_at)
    SELECT id, 'flight', 'action', 0, 1, now() + interval '1 hour' FROM saga_instance;
    INSERT INTO outbox (id, destination, message, lease_until) SELECT id, 'flights.commands', '{}', now() FROM saga_instance;
    INSERT INTO saga_lock (key, saga_id, lease_until) SELECT 'key ' || id, id, now() + interval '1 hour' FROM saga_instance;
    INSERT INTO saga_lock_queue (key, saga_id, lease_ms) SELECT 'other ' || id, id, 1000 FROM saga_instance`);
}, 600_000);
afterAll(() => tables?.close(), 60_000);

/** Ten that are there, and ten that begin. */
const there = Array.from({ length: 10 }, (_, n) => numberedId(1 + n * 100_000));
const begin = Array.from({ length: 10 }, () => randomUUID());

it('looks at a few pages of tables of a million sagas to move a batch on', async () => {
  const pages = await tables.pagesReadBy(async (executor) => {
    const store = new SagaStore(executor);
    const stale = there.map(
      (sagaId) => ({ sagaId, step: 'hotel', direction: 'action', epoch: 0, attempt: 1 }) as const,
    );
    const rest = { stale, leaseMs: 1_000, published: there };
    await store.commit({ ...rest, transitions: there.map((id) => transition(id, 4)) });
    await store.commit({
      ...rest,
      transitions: begin.map((id, n) => transition(id, 0, n % 2 === 0 ? openingBy(id) : undefined)),
    });
    await store.load(there);
    await store.claimDeadlines(10, 1_000);
  });
  expect(pages).toHaveLength(4);
  expect(pages.filter((count) => count === 0 || count > FEW_PAGES)).toEqual([]);
});

it('looks at a few pages of them to show one, or those that somebody has asked for by a key', async () => {
  const pages = await tables.pagesReadBy(async (executor) => {
    const reader = new SagaReader(executor);
    await reader.find(there[0]!);
    await reader.historySince(there.map((sagaId) => ({ sagaId, after: 0 })));
    await reader.deadlinesOf(there).catch(() => undefined); // There is no answer to read.
    await reader.findKey(`owner ${there[0]}`, `key ${there[0]}`);
  });
  expect(pages).toHaveLength(5);
  expect(pages.filter((count) => count > FEW_PAGES)).toEqual([]);
});

const openingBy = (key: string): Opening => ({
  owner: 'Ada',
  subject: 'ada@example.org',
  key: { key, fingerprint: 'any' },
});

/** With everything that a transition can have; a child if nobody has asked for it. */
function transition(sagaId: string, expectedRevision: number, opening?: Opening): Transition {
  const key = { direction: 'action', epoch: 0, attempt: 1, afterMs: 1_000, jitter: 0 } as const;
  return {
    sagaId,
    registered: {
      definition: { name: 'trip-booking', version: 1, lock: { leaseMs: 1_000 } },
      hash: 'any',
    } as unknown as Transition['registered'],
    expectedRevision,
    state: {
      status: 'COMPLETED',
      input: {},
      steps: {},
      ...(!opening && { parent: { sagaId: there[9] } }),
    } as unknown as Transition['state'],
    entries: [{ event: { type: 'SagaCompleted' }, cause: { kind: 'request' } }],
    messages: [
      outboxMessage({
        destination: 'flights.commands',
        messageId: `${sagaId}/any`,
        correlationId: sagaId,
        type: 'any',
        headers: {},
        payload: '{}',
      }),
    ],
    timers: new Map([
      ['car', { step: 'car', ...key }],
      ['flight', undefined],
    ]),
    ...(opening && { opening }),
    locks: { request: ['a key'], release: true },
  };
}
