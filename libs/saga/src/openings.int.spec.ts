import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { action, done, EngineBench, order } from './engine-bench.fixture.js';
import { StartKeyReused } from './errors.js';
import { recordAt } from './record-at.js';

const key = (name: string, fingerprint = 'tea') => ({ key: name, fingerprint });
const forever = () => new AbortController().signal;

describe('a start that is asked for by a key', () => {
  let bench: EngineBench;
  beforeAll(async () => {
    bench = await EngineBench.open();
  });
  afterEach(() => bench.clear());
  afterAll(() => bench.close());

  const countSagas = async () => {
    const [row] = await bench.prisma.$queryRawUnsafe<{ count: number }[]>(
      'SELECT count(*)::int AS count FROM saga_instance',
    );
    return row!.count;
  };

  it('begins one saga, asked for a hundred times at once by two processes', async () => {
    const [one, other] = [bench.orchestrator(), bench.orchestrator()];
    const started = await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        (n % 2 ? one : other).sagas.startOnce(order, { what: 'tea' }, key('k-1')),
      ),
    );
    expect(new Set(started.map(({ record }) => record.id)).size).toBe(1);
    expect(started.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(await countSagas()).toBe(1);
    const { id } = started[0]!.record;
    expect([...one.wire.idsOf(id), ...other.wire.idsOf(id)]).toEqual([`${id}/first/action/0`]);
  });

  it('begins one saga of the same key in one batch, and leaves the others in it alone', async () => {
    const { sagas } = bench.orchestrator();
    const started = await Promise.all([
      ...['a', 'a', 'b', 'a'].map((name) => sagas.startOnce(order, { what: 'tea' }, key(name))),
      sagas.startOnce(order, { what: 'tea' }, key('a'), { owner: 'ada' }),
      sagas.start(order, { what: 'tea' }).then((record) => ({ record, isNew: true })),
    ]);
    expect(started.map(({ isNew }) => isNew)).toEqual([true, false, true, false, true, true]);
    expect(await countSagas()).toBe(4);
  });

  it('is refused when the key was used for something else', async () => {
    const { sagas } = bench.orchestrator();
    await sagas.startOnce(order, { what: 'tea' }, key('k-1'));
    await expect(sagas.startOnce(order, { what: 'milk' }, key('k-1', 'milk'))).rejects.toThrow(
      StartKeyReused,
    );
    expect(await countSagas()).toBe(1);
  });

  it('keeps the first answer that it is given', async () => {
    const { sagas } = bench.orchestrator();
    const { answer } = await sagas.startOnce(order, { what: 'tea' }, key('k-1'));
    expect(answer).toBeUndefined();
    const kept = await Promise.all([1, 2, 3].map((n) => sagas.answerStart({}, 'k-1', { n })));
    expect(new Set(kept.map((one) => JSON.stringify(one))).size).toBe(1);
    expect((await sagas.startOnce(order, { what: 'tea' }, key('k-1'))).answer).toEqual(kept[0]);
    expect(await sagas.answerStart({}, 'unknown', {})).toBeUndefined();
    const at = { ...key('k-2'), answer: { revision: 1 } };
    await sagas.startOnce(order, { what: 'tea' }, at);
    expect((await sagas.startOnce(order, { what: 'tea' }, at)).answer).toEqual({ revision: 1 });
  });

  it('can be told as it stood then', async () => {
    const { sagas, reply } = bench.orchestrator();
    const { record } = await sagas.startOnce(order, { what: 'tea' }, key('k-1'));
    await reply(record.id, action('first'), done);
    const later = (await sagas.find(record.id))!;
    expect(later.revision).toBe(2);
    expect(recordAt(later, 1)).toEqual(record);
    expect(recordAt(later, 2)).toBe(later);
    expect(() => recordAt(later, 3)).toThrow('has no revision 3');
  });

  it('is free again once its saga is deleted', async () => {
    const { sagas } = bench.orchestrator();
    await sagas.startOnce(order, { what: 'tea' }, key('k-1'));
    await bench.prisma.$executeRawUnsafe('DELETE FROM saga_instance');
    expect((await sagas.startOnce(order, { what: 'milk' }, key('k-1', 'milk'))).isNew).toBe(true);
  });
});

describe('what happens to a saga', () => {
  let bench: EngineBench;
  beforeAll(async () => {
    bench = await EngineBench.open();
  });
  afterEach(() => bench.clear());
  afterAll(() => bench.close());

  it('is told to whoever waits for it, by the process that does it and by others', async () => {
    const [doing, watching] = [bench.orchestrator(), bench.orchestrator()];
    const { id } = await doing.sagas.start(order, { what: 'tea' });
    const told = [doing, watching].map(({ sagas }) => sagas.next(id, 1, forever()));
    await doing.reply(id, action('first'), done);
    for (const rows of await Promise.all(told)) {
      expect(rows.map(({ revision }) => revision)).toEqual([2]);
      expect(rows[0]!.entries[0]!.event).toMatchObject({ type: 'StepSucceeded', step: 'first' });
    }
    expect((await watching.sagas.next(id, 0, forever())).map(({ revision }) => revision)).toEqual([1, 2]);
  });

  it('is told to thousands at a time, each from where it was', async () => {
    const { sagas, reply } = bench.orchestrator();
    const { id } = await sagas.start(order, { what: 'tea' });
    const told = Array.from({ length: 5_000 }, () => sagas.next(id, 1, forever()));
    await reply(id, action('first'), done);
    const revisions = (await Promise.all(told)).map((rows) => rows.map(({ revision }) => revision).join());
    expect(new Set(revisions)).toEqual(new Set(['2']));
  });

  it('is waited for until the end, or until nobody wants to know any more', async () => {
    const { sagas, reply } = bench.orchestrator();
    const { id } = await sagas.start(order, { what: 'tea' });
    const leaving = new AbortController();
    const left = sagas.untilEnded(id, leaving.signal);
    const ended = sagas.untilEnded(id, forever());
    leaving.abort();
    expect((await left)?.status).toBe('RUNNING');
    await reply(id, action('first'), done);
    await reply(id, action('left'), done);
    await reply(id, action('right'), done);
    expect((await ended)?.status).toBe('COMPLETED');
    expect(await sagas.untilEnded('0192a000-0000-7000-8000-000000000000', forever())).toBeUndefined();
  });
});

describe('a list of sagas', () => {
  let bench: EngineBench;
  beforeAll(async () => {
    bench = await EngineBench.open();
  });
  afterAll(async () => {
    await bench.clear();
    await bench.close();
  });

  it('is filtered by whatever is known of them', async () => {
    const { sagas, reply } = bench.orchestrator();
    const start = async (what: string, options: { owner?: string; subject?: string } = {}) =>
      (await sagas.start(order, { what }, options)).id;
    const tea = await start('tea', { owner: 'ada', subject: 'Ada@Example.org' });
    const percent = await start('100% "milk"_\u0000', { owner: 'ben' });
    const plain = await start('plain');
    const listed = async (filter: object) => (await sagas.list({ limit: 10, ...filter })).map(({ id }) => id);

    expect(await listed({})).toEqual([plain, percent, tea]);
    expect(await listed({ owner: 'ada' })).toEqual([tea]);
    expect(await listed({ subject: 'aDa@example.ORG' })).toEqual([tea]);
    expect(await listed({ text: '100% "MILK"_\u0000' })).toEqual([percent]);
    expect(await listed({ text: '1%' })).toEqual([]);
    expect(await listed({ text: 'tea_' })).toEqual([]);
    const { createdAt } = (await sagas.find(percent))!;
    const before = new Date(createdAt.getTime() + 1);
    expect(await listed({ createdFrom: createdAt, createdBefore: before, text: 'milk' })).toEqual([percent]);
    expect(await listed({ createdBefore: createdAt, text: 'milk' })).toEqual([]);
    expect((await sagas.find(tea))?.owner).toBe('ada');
    expect((await sagas.find(plain))?.owner).toBeUndefined();

    await reply(plain, action('first'), {
      kind: 'rejected',
      rejection: { code: 'SOLD_OUT', message: 'says "code":"OTHER"' },
    });
    expect(await listed({ failureCode: 'SOLD_OUT' })).toEqual([plain]);
    expect(await listed({ failureCode: 'OTHER' })).toEqual([]);
    expect(await listed({ failureCode: 'SOLD%' })).toEqual([]);
  });
});
