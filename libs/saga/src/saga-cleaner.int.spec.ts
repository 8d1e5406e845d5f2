import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@clew/testing';
import { DESTINATIONS, OldSagas } from './saga-cleaner.fixture.js';

const [shop, bank] = DESTINATIONS as [string, string];

jest.setTimeout(30_000);

/** For a transaction in which the spec waits. */
const PATIENT = { timeout: 20_000 };

describe('the cleaner of sagas', () => {
  let sagas: OldSagas;
  beforeEach(async () => {
    sagas = await OldSagas.create();
  });
  afterEach(() => sagas.stop());

  const untilGone = (ids: readonly string[]) =>
    eventually(async () => !(await sagas.kept()).some((id) => ids.includes(id)), {
      describe: `the deletion of ${ids.length} sagas`,
      every: 10,
    });

  it('deletes sagas that ended long enough ago, history and deadlines included, and no others', async () => {
    const old = [...(await sagas.add('COMPLETED', 2)), ...(await sagas.add('COMPENSATED', 1.1))];
    const others = [
      ...(await sagas.add('COMPLETED', 0.9)),
      ...(await sagas.add('RUNNING', undefined)),
      ...(await sagas.add('COMPENSATING', undefined)),
      ...(await sagas.add('STUCK', undefined)),
      // Nothing of ours leaves such a row; an edit by hand may.
      ...(await sagas.add('STUCK', 5_000)),
    ];
    await sagas.prisma.$executeRawUnsafe(
      `INSERT INTO saga_deadline SELECT id, 'first', 'action', 0, 1, now() FROM saga_instance`,
    );
    sagas.cleaner().start();
    await untilGone(old);
    await eventually(async () => (await sagas.forgotten(shop)).length >= old.length);
    expect((await sagas.kept()).sort()).toEqual(others.sort());
    for (const table of ['saga_history', 'saga_deadline']) {
      const rows = await sagas.prisma.$queryRawUnsafe<{ id: string }[]>(
        `SELECT DISTINCT saga_id AS id FROM ${table} ORDER BY id`,
      );
      expect(rows.map(({ id }) => id)).toEqual(others);
    }
    expect(await sagas.deletions()).toEqual([2]);
  });

  it('lets every participant forget what it deletes, in the transaction that deletes it', async () => {
    const old = await sagas.add('COMPLETED', 2, 3);
    await sagas.prisma.$executeRawUnsafe('ALTER TABLE outbox ADD CONSTRAINT closed CHECK (false)');
    const cleaner = sagas.cleaner();
    cleaner.start();
    await eventually(() => sagas.warnings.length > 0);
    expect(await sagas.kept()).toHaveLength(3);
    expect(await sagas.prisma.sagaHistory.count()).toBe(6);
    await sagas.prisma.$executeRawUnsafe('ALTER TABLE outbox DROP CONSTRAINT closed');
    await untilGone(old);
    for (const participant of [shop, bank])
      expect((await sagas.forgotten(participant)).sort()).toEqual([...old].sort());
    const [{ due }] = await sagas.prisma.$queryRawUnsafe<[{ due: number }]>(
      'SELECT count(*)::int AS due FROM outbox WHERE lease_until <= now()',
    );
    expect(due).toBe(2);
  });

  it('deletes nothing while a message has waited for a day to be published: its saga may be any', async () => {
    const unpublished = (id: string, hours: number) =>
      sagas.prisma.outbox.create({
        data: {
          id,
          destination: 'late',
          message: {},
          leaseUntil: new Date(),
          createdAt: new Date(Date.now() - hours * 3_600_000),
        },
      });
    const [old] = (await sagas.add('COMPENSATED', 40)) as [string];
    const late = await unpublished(randomUUID(), 25);
    sagas.cleaner().start();
    await eventually(() => sagas.transactions >= 3, { describe: 'three sweeps' });
    expect(await sagas.kept()).toEqual([old]);
    await unpublished(randomUUID(), 23);
    await sagas.prisma.outbox.delete({ where: { id: late.id } });
    await untilGone([old]);
  });

  it('keeps children as long as their parents, which may still undo them, and their children with them', async () => {
    const [grandchild, child, other] = (await sagas.add('COMPLETED', 3, 3)) as [string, string, string];
    const [parent] = (await sagas.add('STUCK', undefined)) as [string];
    await sagas.adopt(parent, child);
    await sagas.adopt(child, grandchild);
    sagas.cleaner().start();
    await untilGone([other]);
    const begun = sagas.transactions;
    await eventually(() => sagas.transactions >= begun + 2, { describe: 'another sweep' });
    expect((await sagas.kept()).sort()).toEqual([parent, child, grandchild].sort());
    await sagas.prisma.$executeRawUnsafe(
      `UPDATE saga_instance SET status = 'COMPENSATED', ended_at = now() - interval '2 hours' WHERE status = 'STUCK'`,
    );
    await untilGone([parent, child, grandchild]);
    expect(await sagas.forgotten(shop)).toEqual([other, parent, child, grandchild]);
  });

  it('deletes the oldest first, so many with a statement and no more', async () => {
    const later = await sagas.add('COMPLETED', 2, 15);
    const sooner = await sagas.add('COMPENSATED', 3, 15);
    sagas.cleaner({ batchSize: 10 }).start();
    await untilGone([...later, ...sooner]);
    expect(await sagas.deletions()).toEqual([10, 10, 10]);
    const places = (await sagas.forgotten(shop)).map((id) => [...sooner, ...later].indexOf(id));
    for (const batch of [0, 10, 20])
      expect(places.slice(batch, batch + 10).sort((a, b) => a - b)).toEqual(
        Array.from({ length: 10 }, (_, place) => batch + place),
      );
  });

  it('shares the work with other cleaners: each saga is deleted and forgotten once', async () => {
    const old = await sagas.add('COMPLETED', 2, 400);
    for (const cleaner of [1, 2, 3].map(() => sagas.cleaner({ batchSize: 20 }))) cleaner.start();
    await untilGone(old);
    const deletions = await sagas.deletions();
    expect(Math.max(...deletions)).toBeLessThanOrEqual(20);
    expect(deletions.reduce((sum, sagas) => sum + sagas, 0)).toBe(400);
    expect((await sagas.forgotten(bank)).sort()).toEqual([...old].sort());
    expect(sagas.warnings).toEqual([]);
  });

  it('passes over what another one is deleting, instead of waiting for it', async () => {
    const [held, ...others] = (await sagas.add('COMPLETED', 2, 30)) as [string, ...string[]];
    await sagas.prisma.$transaction(async (other) => {
      await other.$queryRawUnsafe('SELECT FROM saga_instance WHERE id = $1::uuid FOR UPDATE', held);
      sagas.cleaner({ batchSize: 10 }).start();
      await untilGone(others);
      expect(await sagas.kept()).toEqual([held]);
    }, PATIENT);
    await untilGone([held]);
  });

  it('says once that the database is away, and goes on when it is back', async () => {
    await sagas.letIn(false);
    try {
      sagas.cleaner().start();
      await eventually(() => sagas.transactions >= 4, { describe: 'three tries that failed' });
    } finally {
      await sagas.letIn(true);
    }
    expect(sagas.warnings).toEqual([
      expect.stringMatching(/^Sagas past their retention can't be deleted, trying on: /),
    ]);
    await untilGone(await sagas.add('COMPLETED', 2));
  });

  it('finishes the batch it is at before it stops, and begins no other', async () => {
    await sagas.add('COMPLETED', 2, 20);
    const cleaner = sagas.cleaner({ batchSize: 10 });
    let stopped = false;
    let stopping!: Promise<void>;
    await sagas.prisma.$transaction(async (other) => {
      // Not SKIP LOCKED: the deletion of the history waits for this one.
      await other.$queryRawUnsafe('SELECT FROM saga_history FOR UPDATE');
      cleaner.start();
      await eventually(async () => {
        const [{ waiting }] = await sagas.prisma.$queryRawUnsafe<[{ waiting: number }]>(
          `SELECT count(*)::int AS waiting FROM pg_stat_activity
           WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        return waiting === 1;
      });
      stopping = cleaner.stop().then(() => void (stopped = true));
      await sagas.prisma.$queryRawUnsafe('SELECT 1');
      expect(stopped).toBe(false);
    }, PATIENT);
    await stopping;
    expect(await sagas.deletions()).toEqual([10]);
    expect(await sagas.kept()).toHaveLength(10);
    expect(sagas.warnings).toEqual([]);
  });

  it('never even looks if sagas are kept for ever', async () => {
    const cleaner = sagas.cleaner({ retentionMs: Infinity });
    cleaner.start();
    await cleaner.stop();
    expect(sagas.transactions).toBe(0);
  });
});
