import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OutboxMessage } from '@clew/outbox';
import { StatementPlans } from '@clew/testing';
import { commitStatement } from './commit-statement.js';
import { SagaStore } from './saga-store.js';
import type { Transition } from './transition.js';

const yesAndNo = [false, true];
const allParts = yesAndNo.flatMap((withLocks) =>
  yesAndNo.flatMap((withOpenings) =>
    yesAndNo.map((withChildren) => ({ withLocks, withOpenings, withChildren })),
  ),
);

describe('statements that are planned while a table is empty', () => {
  let tables: StatementPlans;
  beforeAll(async () => {
    tables = await StatementPlans.open('orchestrator');
  });
  afterAll(() => tables?.close());

  it.each(allParts)('read none as a whole to commit a batch, %j', async (parts) => {
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

  describe('beside many instances, as deadlines and messages come and go at once,', () => {
    beforeAll(() =>
      tables.fill(`
        INSERT INTO saga_instance (id, name, version, definition_hash, coordination, status, revision, input, state)
        SELECT gen_random_uuid(), 'trip-booking', 1, 'any', 'orchestration', 'COMPLETED', 1, '{}', '{}' FROM generate_series(1, 20000);
        INSERT INTO saga_deadline (saga_id, step, direction, epoch, attempt, due_at)
        SELECT id, 'flight', 'action', 0, 1, now() FROM saga_instance;
        INSERT INTO outbox (id, destination, message, lease_until) SELECT id, 'any', '{}', now() FROM saga_instance;
        DELETE FROM saga_deadline;
        DELETE FROM outbox`),
    );

    it('go through the rows of a batch once', async () => {
      const scans = await tables.repeatedScansBy(async (executor) => {
        for (const parts of allParts) await executor.$queryRawUnsafe(commitStatement(parts));
      });
      expect(scans).toEqual(allParts.map(() => []));
    });

    it('are planned once for batches of one', async () => {
      const sagaId = '0192f0c1-0000-7000-8000-000000000001';
      const transition: Transition = {
        sagaId,
        registered: { definition: { name: 'order', version: 1 }, hash: 'any' } as Transition['registered'],
        expectedRevision: 0,
        state: { status: 'RUNNING', input: {}, steps: {} },
        entries: [{ event: { type: 'SagaCompleted' }, cause: { kind: 'request' } }],
        messages: [
          {
            id: sagaId,
            destination: 'any',
            type: 'any',
            payload: {},
            headers: {},
          } as unknown as OutboxMessage,
        ],
        timers: new Map([
          [
            'flight',
            { step: 'flight', direction: 'action', epoch: 0, attempt: 1, afterMs: 1_000, jitter: 0 },
          ],
          ['hotel', undefined],
        ]),
        locks: { request: [], release: false },
      };
      const planned = await tables.plannedEachTimeBy(async (executor) => {
        for (const expectedRevision of [0, 1]) {
          const transitions = [{ ...transition, expectedRevision }];
          await new SagaStore(executor).commit({
            transitions,
            stale: [],
            leaseMs: 1_000,
            published: [sagaId],
          });
        }
      });
      expect(planned).toEqual([false, false]);
    });
  });
});
