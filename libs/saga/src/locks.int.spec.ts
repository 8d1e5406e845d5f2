import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@clew/testing';
import { saga } from './core/index.js';
import { action, done, EngineBench, step, type Order } from './engine-bench.fixture.js';

const locked = (lockLeaseMs?: number) =>
  saga<Order>('locked', {
    version: 1,
    lock: ({ what }) => what.split('+').map((item) => `item:${item}`),
    ...(lockLeaseMs && { lockLeaseMs }),
  })
    .step('only', step)
    .end();
const definition = locked();

describe('semantic locks', () => {
  let bench: EngineBench;
  beforeAll(async () => {
    bench = await EngineBench.open();
  });
  afterEach(() => bench.clear());
  afterAll(() => bench.close());

  function orchestrator(own = definition) {
    const made = bench.orchestrator({ definitions: [own] });
    made.locks.start();
    return made;
  }

  it('let the second saga wait before its first step, visibly, until the first has ended', async () => {
    const { sagas, reply, wire } = orchestrator();
    const first = await sagas.start(definition, { what: 'tea' });
    await eventually(() => wire.idsOf(first.id).length === 1, { describe: 'the first saga to begin' });
    const second = await sagas.start(definition, { what: 'tea' });
    await eventually(async () => (await sagas.locks('item:tea'))[0]?.waiters.length === 1, {
      describe: 'the second saga to queue',
    });
    expect(await sagas.locks()).toEqual([
      {
        key: 'item:tea',
        holder: first.id,
        heldSince: expect.any(Date),
        leaseUntil: expect.any(Date),
        waiters: [second.id],
      },
    ]);
    expect((await sagas.find(second.id))?.history[0]?.entries.map(({ event }) => event)).toMatchObject([
      { type: 'SagaStarted', locks: ['item:tea'] },
      { type: 'LockRequested', key: 'item:tea' },
    ]);
    expect(wire.idsOf(second.id)).toEqual([]);
    await reply(first.id, action('only'), done);
    await eventually(() => wire.idsOf(second.id).length === 1, { describe: 'the second saga to begin' });
    await reply(second.id, action('only'), done);
    expect(await sagas.locks()).toEqual([]);
  });

  it('are taken in one order, so that sagas that want the same keys crosswise all end', async () => {
    const several = [orchestrator(), orchestrator()];
    const [{ sagas }] = several as [(typeof several)[0]];
    const wishes = ['a+b', 'b+a', 'b+c', 'c+a', 'c+b', 'a'];
    const started = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        several[index % 2]!.sagas.start(definition, { what: wishes[index % wishes.length]! }),
      ),
    );
    const holding = new Map<string, string>();
    const ended = new Set<string>();
    await eventually(
      async () => {
        const sent = several.flatMap(({ wire }) => wire.published);
        for (const { correlationId: id } of sent) {
          if (ended.has(id)) continue;
          ended.add(id);
          const keys = (await sagas.find(id))!.state.locks!.keys;
          for (const key of keys) {
            expect(holding.get(key)).toBeUndefined();
            holding.set(key, id);
          }
          for (const key of keys) holding.delete(key);
          await several[0]!.reply(id, action('only'), done);
        }
        return ended.size === started.length;
      },
      { within: 20_000, describe: 'all sagas to end' },
    );
    const all = await sagas.list({ limit: 100 });
    expect(all.map(({ status }) => status)).toEqual(started.map(() => 'COMPLETED'));
    const spans = all.flatMap(({ history, id }) =>
      history.flatMap(({ at, entries }) =>
        entries.flatMap(({ event }) =>
          event.type === 'LockAcquired' ? [{ id, key: event.key, from: at, to: history.at(-1)!.at }] : [],
        ),
      ),
    );
    for (const one of spans) {
      const overlapping = spans.filter(
        ({ id, key, from, to }) => id !== one.id && key === one.key && from < one.to && one.from < to,
      );
      expect(overlapping).toEqual([]);
    }
    expect(await sagas.locks()).toEqual([]);
  }, 30_000);

  it('have one holder, although two orchestrators give them away at once', async () => {
    const { sagas, lockStore } = bench.orchestrator({ definitions: [definition] });
    const { id } = await sagas.start(definition, { what: 'tea' });
    const holder = randomUUID();
    const granting = await bench.prisma.$transaction(async (other) => {
      await other.$executeRawUnsafe(
        `INSERT INTO saga_lock (key, saga_id, lease_until) VALUES ('item:tea', $1::uuid, now() + interval '1 hour')`,
        holder,
      );
      const granted = lockStore.grant(60_000);
      await eventually(
        async () => {
          const [{ waiting }] = await bench.prisma.$queryRawUnsafe<[{ waiting: number }]>(
            `SELECT count(*)::int AS waiting FROM pg_stat_activity
             WHERE datname = current_database() AND wait_event_type = 'Lock'`,
          );
          return waiting === 1;
        },
        { within: 3_000, describe: 'the second one to meet the first' },
      );
      return { granted };
    });
    expect(await granting.granted).toEqual([]);
    expect(await sagas.locks('item:tea')).toMatchObject([{ holder, waiters: [id] }]);
  });

  it('pass on when their lease ends, and the holder hears of it', async () => {
    const short = locked(300);
    const { sagas, wire } = orchestrator(short);
    const holder = await sagas.start(short, { what: 'tea' });
    await eventually(() => wire.idsOf(holder.id).length === 1, { describe: 'the holder to begin' });
    const next = await sagas.start(short, { what: 'tea' });
    await eventually(() => wire.idsOf(next.id).length === 1, { describe: 'the next one to begin' });
    await eventually(
      async () =>
        (await sagas.find(holder.id))?.history.some(({ entries }) =>
          entries.some(({ event, cause }) => event.type === 'LockLost' && cause.kind === 'lock'),
        ),
      { describe: 'the loss in the history' },
    );
    expect((await sagas.locks('item:tea'))[0]?.holder).toBe(next.id);
  });

  it('are not left with a saga that was cancelled while it waited', async () => {
    const { sagas, wire, reply } = orchestrator();
    const holder = await sagas.start(definition, { what: 'tea' });
    await eventually(() => wire.idsOf(holder.id).length === 1, { describe: 'the holder to begin' });
    const waiting = await sagas.start(definition, { what: 'tea' });
    await sagas.operate(waiting.id, { action: 'cancel' }, { actor: 'ada', reason: 'no' });
    expect((await sagas.find(waiting.id))?.status).toBe('COMPENSATED');
    expect((await sagas.locks('item:tea'))[0]?.waiters).toEqual([]);
    await reply(holder.id, action('only'), done);
    expect(await sagas.locks()).toEqual([]);
  });

  it('are told again to a holder that has not heard, and taken back from one that has ended', async () => {
    const deaf = bench.orchestrator({ definitions: [definition] });
    const { id } = await deaf.sagas.start(definition, { what: 'tea' });
    const gone = await deaf.sagas.start(definition, { what: 'milk' });
    // Granted by a process that died before it could tell the sagas.
    expect(await deaf.lockStore.grant(60_000)).toHaveLength(2);
    await bench.prisma.$executeRawUnsafe(
      'UPDATE saga_instance SET status = $1 WHERE id = $2::uuid',
      'COMPLETED',
      gone.id,
    );
    const { wire, sagas } = orchestrator();
    await eventually(() => wire.idsOf(id).length === 1, { describe: 'the holder to hear' });
    await eventually(async () => (await sagas.locks('item:milk')).length === 0, {
      describe: 'the lock of the ended saga to be free',
    });
    await bench.prisma.$executeRawUnsafe(
      `INSERT INTO saga_lock (key, saga_id, lease_until) VALUES ('item:ghost', gen_random_uuid(), now())`,
    );
    await eventually(async () => (await sagas.locks('item:ghost')).length === 0, {
      describe: 'the lock of a saga that is not there to be free',
    });
  });
});
