import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { PrismaPg } from '@prisma/adapter-pg';
import { replyMessage } from '@clew/envelope';
import { outboxMessage, type SqlDatabase } from '@clew/outbox';
import { eventually } from '@clew/testing';
import { PrismaClient } from '../../../apps/orchestrator/src/database/client/client.js';
import { saga } from './core/index.js';
import { SagaStore } from './saga-store.js';
import { action, done, EngineBench, order, POLICY, refused, step, undo } from './engine-bench.fixture.js';

describe('the saga engine on PostgreSQL', () => {
  let bench: EngineBench;
  let prisma: PrismaClient;

  beforeAll(async () => {
    bench = await EngineBench.open();
    prisma = bench.prisma;
  });
  afterEach(() => bench.clear());
  afterAll(() => bench.close());

  const orchestrator: EngineBench['orchestrator'] = (options) => bench.orchestrator(options);

  it('commits instance, history, command and deadline of a start together and publishes the command', async () => {
    const { sagas, wire } = orchestrator();
    const { id, status, revision } = await sagas.start(order, { what: 'tea' });
    expect({ status, revision }).toEqual({ status: 'RUNNING', revision: 1 });
    expect(await prisma.sagaHistory.count({ where: { sagaId: id } })).toBe(1);
    expect(await prisma.sagaDeadline.count({ where: { sagaId: id } })).toBe(1);
    expect(await prisma.outbox.count()).toBe(1);
    expect(wire.idsOf(id)).toEqual([`${id}/first/action/0`]);
    expect(wire.published[0]).toMatchObject({
      destination: 'shop.commands',
      type: 'shop.book',
      replyTo: 'orchestrator.replies',
      payload: '{"what":"tea"}',
      headers: { saga: 'order', step: 'first', direction: 'action', epoch: 0, attempt: 1 },
    });
  });

  it('goes to the end and leaves no deadline', async () => {
    const { sagas, reply, wire } = orchestrator();
    const { id } = await sagas.start(order, { what: 'tea' });
    await reply(id, action('first'), done);
    await Promise.all([reply(id, action('left'), done), reply(id, action('right'), done)]);
    const record = await sagas.find(id);
    expect(record).toMatchObject({ status: 'COMPLETED', input: { what: 'tea' } });
    expect(record?.endedAt).toBeInstanceOf(Date);
    expect(record?.history.map(({ revision }) => revision)).toEqual([1, 2, 3]);
    expect(await prisma.sagaDeadline.count()).toBe(0);
    expect(wire.idsOf(id)).toHaveLength(3);
  });

  it("refuses a reply that another user has sent than the command's participant, and takes the right one", async () => {
    const { sagas, deliver } = orchestrator({ senders: { shop: 'clew-shop' } });
    const { id } = await sagas.start(order, { what: 'tea' });
    const key = { ...action('first'), commandId: `${id}/first/action/0`, sagaId: id };
    const command = { ...key, saga: 'order', attempt: 1, type: 'shop.book', replyTo: 'orchestrator.replies' };
    const reply = (what: string, sender?: string) => ({
      ...outboxMessage(replyMessage(command, { outcome: 'done', body: { what } })),
      ...(sender !== undefined && { sender }),
    });
    const told = await Promise.allSettled([
      deliver(reply('forged', 'clew-cars')),
      deliver(reply('forged')),
      deliver(reply('real', 'clew-shop')),
      deliver(reply('forged', 'clew-cars')),
    ]);
    expect(told.map((one) => (one.status === 'rejected' ? String(one.reason) : 'taken'))).toEqual([
      expect.stringContaining('was sent by user clew-cars; it counts only from user clew-shop'),
      expect.stringContaining('was sent by nobody who can be told; it counts only from user clew-shop'),
      'taken',
      expect.stringContaining('was sent by user clew-cars'),
    ]);
    const record = await sagas.find(id);
    expect(record?.state.steps['first']).toMatchObject({
      status: 'SUCCEEDED',
      action: { result: { what: 'real' } },
    });
    expect(record?.revision).toBe(2);
  });

  const countingStatements = () => {
    const statements: string[] = [];
    const on = new Proxy(prisma, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        if (name !== '$queryRawUnsafe') return member.bind(target);
        return (...call: [string, ...unknown[]]) => {
          statements.push(call[0]);
          return prisma.$queryRawUnsafe(...call);
        };
      },
    }) as SqlDatabase;
    return { on, statements };
  };

  it('folds what arrives together into few statements, whatever the number of sagas, and reads nothing back', async () => {
    const { on, statements } = countingStatements();
    const { sagas, reply } = orchestrator({ on });
    const started = await Promise.all(Array.from({ length: 150 }, () => sagas.start(order, { what: 'tea' })));
    await Promise.all(started.map(({ id }) => reply(id, action('first'), done)));
    // A commit for each of the two batches, which are split at most once more.
    expect(statements.length).toBeLessThanOrEqual(4);
    expect(statements.filter((sql) => !sql.includes('begun AS'))).toEqual([]);
    const all = await sagas.list({ limit: 200 });
    expect(all.filter(({ revision }) => revision === 2)).toHaveLength(150);
  });

  it('takes the answers of sagas that another orchestrator has moved on since it wrote them itself', async () => {
    const [one, two] = [orchestrator(), orchestrator()];
    const started = await Promise.all(
      Array.from({ length: 30 }, () => one.sagas.start(order, { what: 'tea' })),
    );
    const all = (by: typeof one, key: ReturnType<typeof action>) =>
      Promise.all(started.map(({ id }) => by.reply(id, key, done)));
    await all(two, action('first'));
    await all(one, action('left')); // When it wrote them last they weren't asked for this yet.
    await all(two, action('right'));
    for (const { id } of started)
      expect(await one.sagas.find(id)).toMatchObject({ status: 'COMPLETED', revision: 4 });
  });

  it('says of an operation what another orchestrator has made true since', async () => {
    const [one, two] = [orchestrator(), orchestrator()];
    const { id } = await one.sagas.start(order, { what: 'tea' });
    for (const key of ['first', 'left', 'right']) await two.reply(id, action(key), done);
    const cancelled = one.sagas.operate(id, { action: 'cancel' }, { actor: 'me', reason: 'changed my mind' });
    await expect(cancelled).rejects.toMatchObject({ code: 'OPERATION_REFUSED' });
    expect(await one.sagas.find(id)).toMatchObject({ status: 'COMPLETED', revision: 4 });
  });

  it('lets one of two orchestrators win that are fed the same replies, and the other lose without a trace', async () => {
    const one = orchestrator();
    const two = orchestrator();
    const started = await Promise.all(
      Array.from({ length: 40 }, () => one.sagas.start(order, { what: 'tea' })),
    );
    for (const keys of [[action('first')], [action('left'), action('right')]]) {
      const replies = [one, two].flatMap(({ reply }) =>
        started.flatMap(({ id }) => keys.map((key) => reply(id, key, key.step === 'right' ? refused : done))),
      );
      await Promise.all(replies);
    }
    for (const { id } of started) {
      const record = await one.sagas.find(id);
      expect(record?.status).toBe('COMPENSATING');
      const events = record?.history.flatMap(({ entries }) =>
        entries.map(({ event }) => JSON.stringify(event)),
      );
      expect(new Set(events).size).toBe(events?.length);
      expect(record?.revision).toBe(record?.history.length);
      const sent = [...one.wire.idsOf(id), ...two.wire.idsOf(id)];
      expect(new Set(sent).size).toBe(sent.length);
    }
  });

  it('refuses a write on an outdated revision and writes the rest of the batch', async () => {
    const { sagas, store, reply, registry } = orchestrator();
    const [moved, other] = [
      await sagas.start(order, { what: 'tea' }),
      await sagas.start(order, { what: 'tea' }),
    ];
    await reply(moved.id, action('first'), done);
    await prisma.outbox.deleteMany();
    const deadlines = await prisma.sagaDeadline.count();
    const registered = registry.registrationOf(order);
    const transitions = [moved, other].map(({ id, state }) => ({
      sagaId: id,
      registered,
      expectedRevision: 1,
      state: { ...state, status: 'COMPENSATING' as const },
      entries: [],
      messages: [messageWith(id)],
      timers: new Map([['late', { ...action('late'), attempt: 1, afterMs: 60_000, jitter: 0 }]]),
      locks: { request: [], release: false },
    }));
    const won = await store.commit({ transitions, stale: [], leaseMs: 0, published: [] });
    expect([...won.keys()]).toEqual([other.id]);
    const sent = (await prisma.outbox.findMany()).map(({ id }) => id);
    expect(sent).toEqual([transitions[1]?.messages[0]?.id]);
    expect(await prisma.sagaDeadline.count()).toBe(deadlines + 1);
    expect((await sagas.find(moved.id))?.revision).toBe(2);
    expect((await sagas.find(moved.id))?.status).toBe('RUNNING');
  });

  it('ignores late, repeated and foreign replies', async () => {
    const { sagas, reply } = orchestrator();
    const { id } = await sagas.start(order, { what: 'tea' });
    await reply(id, action('first'), done);
    await reply(id, action('first'), refused);
    await reply(id, { ...action('left'), epoch: 1 }, refused);
    await reply(id, undo('left'), done);
    expect(await sagas.find(id)).toMatchObject({ status: 'RUNNING', revision: 2 });
    await expect(reply('00000000-0000-7000-8000-000000000000', action('first'), done)).rejects.toThrow(
      'There is no saga',
    );
  });

  it('lets a reply about a step that the saga does not have fail alone, beside a good one', async () => {
    const { sagas, reply } = orchestrator();
    const { id } = await sagas.start(order, { what: 'tea' });
    const [good, foreign, late] = await Promise.allSettled([
      reply(id, action('first'), done),
      reply(id, action('nowhere'), done),
      reply(id, action('first'), refused),
    ]);
    expect([good.status, late.status]).toEqual(['fulfilled', 'fulfilled']);
    expect(foreign).toMatchObject({ status: 'rejected', reason: { code: 'FOREIGN_REPLY' } });
    expect(await sagas.find(id)).toMatchObject({ status: 'RUNNING', revision: 2 });
  });

  it('asks again under the same id, then leaves the step in doubt and undoes it', async () => {
    const impatient = { timeoutMs: 30, maxTimeoutMs: 30, backoff: 1, jitter: 0, attempts: 2 };
    const { sagas, deadlines, wire, reply } = orchestrator({
      policies: { action: impatient, compensation: POLICY },
    });
    const { id } = await sagas.start(order, { what: 'tea' });
    deadlines.start();
    await eventually(() => wire.idsOf(id).length === 3, { describe: 'the undo of the step in doubt' });
    expect(wire.idsOf(id)).toEqual([
      `${id}/first/action/0`,
      `${id}/first/action/0`,
      `${id}/first/compensation/0`,
    ]);
    expect(wire.published.map(({ headers }) => headers.attempt)).toEqual([1, 2, 1]);
    expect(wire.published[2]?.headers.undoes).toBe(0);
    await reply(id, undo('first'), done);
    expect(await sagas.find(id)).toMatchObject({
      status: 'COMPENSATED',
      state: { failure: { step: 'first', code: 'STEP_TIMED_OUT' } },
    });
  });

  it('fires a deadline once, however many orchestrators look for it', async () => {
    const impatient = { ...POLICY, timeoutMs: 30, maxTimeoutMs: 60_000, backoff: 10_000 };
    const several = [1, 2, 3].map(() =>
      orchestrator({ policies: { action: impatient, compensation: POLICY } }),
    );
    const [one] = several as [(typeof several)[0]];
    const started = await Promise.all(
      Array.from({ length: 60 }, () => one.sagas.start(order, { what: 'tea' })),
    );
    for (const { deadlines } of several) deadlines.start();
    const repeats = () =>
      several.flatMap(({ wire }) => wire.published).filter(({ headers }) => headers.attempt === 2);
    await eventually(() => repeats().length >= started.length, {
      describe: 'every command to be asked again',
    });
    expect(repeats()).toHaveLength(started.length);
    for (const { id } of started) expect((await one.sagas.find(id))?.revision).toBe(2);
  });

  it('gives a deadline that has passed to one claimer only, and to another when its lease is over', async () => {
    const impatient = { ...POLICY, timeoutMs: 1, maxTimeoutMs: 1 };
    const { sagas, store } = orchestrator({ policies: { action: impatient, compensation: POLICY } });
    await Promise.all(Array.from({ length: 30 }, () => sagas.start(order, { what: 'tea' })));
    const claimed: string[] = [];
    await eventually(
      async () => {
        const claims = await Promise.all([1, 2, 3].map(() => store.claimDeadlines(8, 60_000)));
        claimed.push(...claims.flat().map(({ sagaId }) => sagaId));
        return claims.flat().length === 0 && claimed.length >= 30;
      },
      { describe: 'all deadlines to be claimed' },
    );
    expect(new Set(claimed).size).toBe(30);
    expect(claimed).toHaveLength(30);
    await prisma.$executeRawUnsafe(`UPDATE saga_deadline SET due_at = now() - interval '1 second'`);
    expect(await store.claimDeadlines(100, 60_000)).toHaveLength(30);
  });

  it('lets claimers neither wait for each other nor take the same deadline, however slow one of them is', async () => {
    const impatient = { ...POLICY, timeoutMs: 1, maxTimeoutMs: 1 };
    const { sagas, store } = orchestrator({ policies: { action: impatient, compensation: POLICY } });
    await Promise.all(Array.from({ length: 10 }, () => sagas.start(order, { what: 'tea' })));
    await prisma.$executeRawUnsafe(`UPDATE saga_deadline SET due_at = now() - interval '1 second'`);
    const [slow, quick] = await prisma.$transaction(async (transaction) => {
      const slow = await new SagaStore(transaction).claimDeadlines(6, 60_000);
      // Before the slow one commits: without SKIP LOCKED this waits until the transaction is ended by its timeout.
      return [slow, await store.claimDeadlines(6, 60_000)];
    });
    const ids = [...slow, ...quick].map(({ sagaId }) => sagaId);
    expect([slow.length, quick.length, new Set(ids).size]).toEqual([6, 4, 10]);
  });

  it('ends a deadline also if somebody is claiming it just then', async () => {
    const { sagas, reply } = orchestrator();
    const { id } = await sagas.start(order, { what: 'tea' });
    await prisma.$executeRawUnsafe(`UPDATE saga_deadline SET due_at = now() - interval '1 second'`);
    const answered = await prisma.$transaction(async (transaction) => {
      expect(await new SagaStore(transaction).claimDeadlines(1, 60_000)).toHaveLength(1);
      const answering = reply(id, action('first'), done);
      await eventually(
        async () => {
          const [{ waiting }] = await prisma.$queryRawUnsafe<[{ waiting: number }]>(
            `SELECT count(*)::int AS waiting FROM pg_stat_activity
             WHERE datname = current_database() AND wait_event_type = 'Lock'`,
          );
          return waiting === 1;
        },
        { describe: 'a commit that waits' },
      );
      return { answering };
    });
    await answered.answering;
    const left = await prisma.sagaDeadline.findMany({ where: { sagaId: id } });
    expect(left.map(({ step }) => step)).not.toContain('first');
  });

  it('gives the ids of confirmed rows back when a commit fails: the next one deletes the rows', async () => {
    let refuse = false;
    const flaky = new Proxy(prisma, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        if (name !== '$queryRawUnsafe') return member.bind(target);
        return (...call: [string, ...unknown[]]) => {
          if (!refuse || !call[0].includes('WITH begun')) return prisma.$queryRawUnsafe(...call);
          refuse = false;
          return Promise.reject(Object.assign(new Error('connection reset'), { code: 'ECONNRESET' }));
        };
      },
    }) as SqlDatabase;
    const { sagas } = orchestrator({ on: flaky });
    await sagas.start(order, { what: 'tea' });
    const [first] = await prisma.outbox.findMany();
    refuse = true;
    await sagas.start(order, { what: 'milk' });
    expect(refuse).toBe(false);
    const left = (await prisma.outbox.findMany()).map(({ id }) => id);
    expect(left).toHaveLength(1);
    expect(left).not.toContain(first?.id);
  });

  it('lets an input that cannot be written fail alone', async () => {
    const { sagas } = orchestrator();
    const unwritable = { what: 'tea', twice: 1n };
    const starts = [{ what: 'tea' }, unwritable, { what: 'milk' }].map((input) => sagas.start(order, input));
    const outcomes = await Promise.allSettled(starts);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await prisma.sagaInstance.count()).toBe(2);
  });

  it('lets a bug in a definition fail alone', async () => {
    const buggy = saga<{ what: string }>('order', { version: 1 })
      .step('first', { ...step, payload: ({ input }) => ({ what: input.what.toUpperCase() }) })
      .end();
    const { sagas } = orchestrator({ definitions: [buggy] });
    const outcomes = await Promise.allSettled([
      sagas.start(buggy, { what: 'tea' }),
      sagas.start(buggy, {} as { what: string }),
      sagas.start(buggy, { what: 'milk' }),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await prisma.sagaInstance.count()).toBe(2);
  });

  it('takes a start that was committed although the answer got lost for what it is', async () => {
    let lose = true;
    const lossy = new Proxy(prisma, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        if (name !== '$queryRawUnsafe') return member.bind(target);
        return async (...call: [string, ...unknown[]]) => {
          const rows = await prisma.$queryRawUnsafe(...call);
          if (!lose || !call[0].includes('WITH begun')) return rows;
          lose = false;
          throw Object.assign(new Error('connection reset'), { code: 'ECONNRESET' });
        };
      },
    }) as SqlDatabase;
    const { sagas } = orchestrator({ on: lossy });
    const { id, revision } = await sagas.start(order, { what: 'tea' });
    expect(revision).toBe(1);
    expect(await prisma.sagaInstance.count()).toBe(1);
    expect((await sagas.find(id))?.status).toBe('RUNNING');
    expect(await prisma.outbox.count()).toBe(1);
  });

  it('refuses starts with a clear error while the database is away, also those behind a reply that waits for it', async () => {
    const away = new PrismaClient({
      adapter: new PrismaPg({ connectionString: 'postgresql://nobody@127.0.0.1:1/nothing' }),
    });
    const { sagas, reply, engine } = orchestrator({ on: away, patienceMs: 500 });
    const waiting = reply('00000000-0000-7000-8000-000000000000', action('first'), done);
    await new Promise(setImmediate);
    const starts = Array.from({ length: 3 }, () => sagas.start(order, { what: 'tea' }));
    for (const start of starts) await expect(start).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    const stopped = engine.stop();
    await expect(waiting).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await stopped;
    await away.$disconnect();
  });

  it('forgets nobody whose patience ends while others are being refused', async () => {
    const gone = Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' });
    let [now, passing] = [Date.now(), 0];
    const away = {
      $queryRawUnsafe: () => {
        passing = 4; // From now on each look at the clock takes time.
        return Promise.reject(gone);
      },
    } as unknown as SqlDatabase;
    const { sagas } = orchestrator({ on: away, patienceMs: 500 });
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => (now += passing));
    try {
      const starts = Array.from({ length: 300 }, () => sagas.start(order, { what: 'tea' }));
      const told = await Promise.allSettled(starts);
      expect(told.map((one) => one.status === 'rejected' && (one.reason as { code?: string }).code)).toEqual(
        told.map(() => 'UNAVAILABLE'),
      );
    } finally {
      clock.mockRestore();
    }
  }, 10_000);

  it('refuses starts while the database is silent, in its hands and behind; what was in its hands may come true', async () => {
    const { sagas } = orchestrator();
    const { id } = await sagas.start(order, { what: 'tea' });
    const { reply, engine, registry } = orchestrator({ patienceMs: 500 });
    const settled: (string | undefined)[] = [];
    const submit = (sagaId: string) =>
      engine.submit({
        sagaId,
        begins: registry.registrationOf(order),
        isUrgent: true,
        input: { type: 'start', input: { what: 'tea' } },
        cause: { kind: 'request' },
        settle: (error) => settled.push((error as { code?: string } | undefined)?.code),
      });
    const inHand = '0192f0c1-0000-7000-8000-000000000001';
    const behind = '0192f0c1-0000-7000-8000-000000000002';
    const answered = await prisma.$transaction(async (tx) => {
      await tx.$executeRawUnsafe('LOCK TABLE saga_instance');
      submit(inHand);
      const replied = reply(id, action('first'), done);
      await new Promise(setImmediate);
      submit(behind);
      await eventually(() => settled.length === 2);
      return { replied };
    });
    expect(settled).toEqual(['UNAVAILABLE', 'UNAVAILABLE']);
    await answered.replied; // It has time.
    await engine.stop();
    expect(settled).toHaveLength(2);
    expect(await Promise.all([inHand, behind].map((sagaId) => sagas.find(sagaId)))).toEqual([
      expect.objectContaining({ status: 'RUNNING' }),
      undefined,
    ]);
  });
});

function messageWith(sagaId: string) {
  return outboxMessage({
    destination: 'shop.commands',
    messageId: `${sagaId}/late/action/0`,
    correlationId: sagaId,
    type: 'shop.book',
    headers: {},
    payload: '{}',
  });
}
