import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { SqlExecutor } from '@clew/outbox';
import { eventually } from '@clew/testing';
import { Admission } from './admission.js';
import { action, done, EngineBench, order } from './engine-bench.fixture.js';
import { SagaPaused, TooBusy } from './errors.js';
import type { Sagas } from './sagas.service.js';

const tea = { what: 'tea' };
const ada = { actor: 'ada', reason: 'the hotels are on strike' };

describe('sagas that are to begin', () => {
  let bench: EngineBench;
  beforeAll(async () => {
    bench = await EngineBench.open();
  });
  afterEach(() => bench.clear());
  afterAll(() => bench.close());

  const refusalOf = (sagas: Sagas) =>
    sagas.start(order, tea).then(
      () => undefined,
      (error: unknown) => error,
    );
  const started = async () => {
    const orchestrator = bench.orchestrator();
    await orchestrator.admission.start();
    return orchestrator;
  };

  it('do not while their definition is paused, in whichever process; those that have begun go on', async () => {
    const [one, other] = [await started(), await started()];
    const { id } = await one.sagas.start(order, tea);
    expect(await one.sagas.pause('order', ada)).toEqual([{ saga: 'order', since: expect.any(Date), ...ada }]);
    await expect(one.sagas.start(order, tea)).rejects.toThrow(SagaPaused);
    await eventually(async () => (await refusalOf(other.sagas)) instanceof SagaPaused);
    for (const name of ['first', 'left', 'right']) await other.reply(id, action(name), done);
    expect((await one.sagas.find(id))?.status).toBe('COMPLETED');

    expect(await other.sagas.pause('order', { actor: 'ben', reason: 'too' })).toMatchObject([ada]);
    expect(await other.sagas.resume('order')).toEqual([]);
    await other.sagas.start(order, tea);
    await eventually(() => one.sagas.start(order, tea));
  });

  it('stay paused when everything is started anew', async () => {
    const { sagas } = await started();
    await sagas.pause('order', ada);
    const { sagas: later } = await started();
    await expect(later.start(order, tea)).rejects.toThrow(SagaPaused);
  });

  it('do not while too much waits in the outbox', async () => {
    const { sagas } = await started();
    const fill = (count: number) =>
      bench.prisma.$executeRawUnsafe(
        `INSERT INTO outbox (id, destination, message, lease_until)
         SELECT gen_random_uuid(), 'somewhere', '{}', now() + interval '1 hour' FROM generate_series(1, ${count})`,
      );
    await fill(50);
    await sagas.start(order, tea);
    await fill(100);
    await eventually(async () => (await refusalOf(sagas)) instanceof TooBusy);
    await bench.prisma.$executeRawUnsafe('DELETE FROM outbox');
    await eventually(() => sagas.start(order, tea));
  });

  it('do not while the broker takes nothing', async () => {
    const { sagas, wire } = await started();
    wire.isBlocked = true;
    await expect(sagas.start(order, tea)).rejects.toThrow('The broker takes no messages now');
    wire.isBlocked = false;
    await sagas.start(order, tea);
  });

  it('are told what they were told before, by their key', async () => {
    const { sagas, wire } = await started();
    const key = { key: 'k-1', fingerprint: 'tea' };
    const { record } = await sagas.startOnce(order, tea, key);
    wire.isBlocked = true;
    expect(await sagas.startOnce(order, tea, key)).toMatchObject({ isNew: false, record: { id: record.id } });
    await expect(sagas.startOnce(order, tea, { ...key, key: 'k-2' })).rejects.toThrow(TooBusy);
    wire.isBlocked = false;
    await sagas.pause('order', ada);
    expect(await sagas.startOnce(order, tea, key)).toMatchObject({ isNew: false, record: { id: record.id } });
  });

  it('are not known of while the database fails, which is said once, and once that it is over', async () => {
    const said: string[] = [];
    let looks = 0;
    const database: SqlExecutor = {
      $queryRawUnsafe: (query, ...values) => {
        looks += 1;
        return bench.prisma.$queryRawUnsafe(query, ...values);
      },
      $executeRawUnsafe: (query, ...values) => bench.prisma.$executeRawUnsafe(query, ...values),
    };
    const logger = {
      log: (text: string) => said.push(`log: ${text}`),
      warn: (text: string) => said.push(`warning: ${text}`),
    };
    const admission = new Admission({
      ...{ database, logger, waiting: () => 0, isBlocked: () => false },
      ...{ mostInOutbox: 100, everyMs: 5 },
    });
    const lookMore = async () => {
      const before = looks;
      await eventually(() => looks > before + 10, { describe: 'more looks' });
    };
    await admission.start();
    try {
      await lookMore();
      expect(said).toEqual([]);
      await bench.prisma.$executeRawUnsafe('ALTER TABLE saga_pause RENAME TO saga_pause_away');
      await lookMore();
      expect(said).toEqual([expect.stringMatching(/^warning: Whether sagas may begin isn't known anew/)]);
      await bench.prisma.$executeRawUnsafe('ALTER TABLE saga_pause_away RENAME TO saga_pause');
      await lookMore();
      expect(said.slice(1)).toEqual(['log: Whether sagas may begin is known anew.']);
    } finally {
      await admission.stop();
    }
  });
});
