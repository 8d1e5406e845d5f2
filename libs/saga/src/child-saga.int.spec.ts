import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { childSagaId } from './child-work.js';
import { saga } from './core/index.js';
import {
  action,
  committedStep,
  done,
  EngineBench,
  refused,
  step,
  undo,
  type Order,
} from './engine-bench.fixture.js';

const packing = saga<Order>('packing', { version: 1 }).step('box', step).step('label', step).end();
const parent = saga<Order>('parent', { version: 1 })
  .step('stock', step)
  .child('pack', { saga: packing, input: ({ input }) => ({ what: `${input.what} in paper` }) })
  .step('courier', {
    ...committedStep,
    payload: ({ results }) => ({ what: Object.keys(results.pack.results).join() }),
    pivot: true,
  })
  .end();

const grandparent = saga<Order>('grandparent', { version: 1 })
  .child('whole', { saga: parent, input: ({ input }) => input, pivot: true })
  .end();

describe('a saga that is a step of another', () => {
  let bench: EngineBench;
  beforeAll(async () => {
    bench = await EngineBench.open();
  });
  afterEach(() => bench.clear());
  afterAll(() => bench.close());

  async function packed() {
    const orchestrator = bench.orchestrator({ definitions: [parent] });
    const { sagas, reply, wire, deliver } = orchestrator;
    const { id } = await sagas.start(parent, { what: 'tea' });
    await reply(id, action('stock'), done);
    const childId = childSagaId(id, 'pack', 0);
    const sentTo = (destination: string) =>
      wire.published.filter((message) => message.destination === destination);
    /** Brings what is on its way between parent and child. */
    const exchange = async () => {
      const own = ['orchestrator.commands', 'orchestrator.replies'];
      for (const message of [...sentTo(own[0]!), ...sentTo(own[1]!)]) await deliver(message);
    };
    const status = async (sagaId: string) => (await sagas.find(sagaId))?.status;
    return { ...orchestrator, id, childId, sentTo, exchange, status };
  }

  it('is started with its own input, waited for, and its results are read by later steps', async () => {
    const { id, childId, sentTo, exchange, reply, sagas, status, wire } = await packed();
    const [start] = sentTo('orchestrator.commands');
    expect(start).toMatchObject({ type: 'saga.start', messageId: `${id}/pack/action/0`, correlationId: id });
    await exchange();
    expect(await sagas.find(childId)).toMatchObject({ saga: 'packing', input: { what: 'tea in paper' } });
    expect(await bench.prisma.sagaInstance.findUnique({ where: { id: childId } })).toMatchObject({
      parentId: id,
    });
    await exchange();
    await reply(childId, action('box'), done);
    expect(await status(id)).toBe('RUNNING');
    await reply(childId, action('label'), done);
    await exchange();
    expect(await status(childId)).toBe('COMPLETED');
    expect(wire.published.at(-1)).toMatchObject({ payload: '{"what":"box,label"}' });
    await reply(id, action('courier'), done);
    expect(await status(id)).toBe('COMPLETED');
  });

  it('is refused when it turns back by itself, with its own reason', async () => {
    const { id, childId, exchange, reply, sagas, status } = await packed();
    await exchange();
    await reply(childId, action('box'), refused);
    expect(await status(childId)).toBe('COMPENSATED');
    await exchange();
    expect(await sagas.find(id)).toMatchObject({
      status: 'COMPENSATING',
      state: { failure: { step: 'pack', code: 'SOLD_OUT' } },
    });
    await reply(id, undo('stock'), done);
    expect(await status(id)).toBe('COMPENSATED');
  });

  it('is undone after it was done, when its parent turns back', async () => {
    const { id, childId, exchange, reply, sagas, status, wire } = await packed();
    await exchange();
    await reply(childId, action('box'), done);
    await reply(childId, action('label'), done);
    await exchange();
    await reply(id, action('courier'), refused);
    await exchange();
    expect(await sagas.find(childId)).toMatchObject({
      status: 'COMPENSATING',
      state: { failure: { code: 'PARENT_TURNED_BACK' } },
    });
    expect((await sagas.find(childId))?.endedAt).toBeUndefined();
    await reply(childId, undo('label'), done);
    await reply(childId, undo('box'), done);
    expect(await status(childId)).toBe('COMPENSATED');
    await exchange();
    expect(wire.idsOf(id)).toContain(`${id}/stock/compensation/0`);
    await reply(id, undo('stock'), done);
    expect(await status(id)).toBe('COMPENSATED');
  });

  it('never begins when its undo comes first', async () => {
    const { id, childId, sentTo, deliver, reply, sagas, status, wire } = await packed();
    await sagas.operate(id, { action: 'cancel' }, { actor: 'ada', reason: 'no' });
    const [start, undoing] = sentTo('orchestrator.commands');
    expect(undoing).toMatchObject({ type: 'saga.undo', headers: { undoes: 0 } });
    await deliver(undoing!);
    await deliver(start!);
    expect(await sagas.find(childId)).toMatchObject({
      status: 'COMPENSATED',
      revision: 1,
      state: { failure: { code: 'CANCELLED_BEFORE' } },
    });
    expect(wire.idsOf(childId)).toEqual([]);
    for (const message of sentTo('orchestrator.replies')) await deliver(message);
    await reply(id, undo('stock'), done);
    expect(await status(id)).toBe('COMPENSATED');
  });

  it('begins once and answers as often as it is asked, whoever asks', async () => {
    const { id, childId, sentTo, deliver, reply, status } = await packed();
    const other = bench.orchestrator({ definitions: [parent] });
    const [start] = sentTo('orchestrator.commands');
    await Promise.all([deliver, other.deliver, deliver, other.deliver].map((bring) => bring(start!)));
    expect(await bench.prisma.sagaInstance.count()).toBe(2);
    await reply(childId, action('box'), done);
    await reply(childId, action('label'), done);
    expect(sentTo('orchestrator.replies')).toHaveLength(1);
    await deliver(start!);
    await deliver(start!);
    const answers = sentTo('orchestrator.replies');
    expect(answers).toHaveLength(3);
    for (const answer of answers) await deliver(answer);
    expect(await status(id)).toBe('RUNNING');
    expect(await bench.prisma.sagaInstance.count()).toBe(2);
  });

  it("belongs to its parent's owner, as does its own child, also when it is kept from beginning", async () => {
    const { sagas, wire, deliver, reply } = bench.orchestrator({ definitions: [grandparent] });
    const bring = async (messageId: string) =>
      deliver(wire.published.find((message) => message.messageId === messageId)!);
    const family = async (owner?: string) => {
      const { id } = await sagas.start(grandparent, { what: 'tea' }, { ...(owner && { owner }) });
      await bring(`${id}/whole/action/0`);
      const child = childSagaId(id, 'whole', 0);
      await reply(child, action('stock'), done);
      if (owner === 'ben') {
        await sagas.operate(child, { action: 'cancel' }, { actor: 'ben', reason: 'no' });
        await bring(`${child}/pack/compensation/0`);
      } else await bring(`${child}/pack/action/0`);
      return [id, child, childSagaId(child, 'pack', 0)];
    };
    const ownersOf = async (ids: readonly string[]) =>
      Promise.all(ids.map(async (id) => (await sagas.find(id))!.owner));
    const [adas, bens, nobodys] = [await family('ada'), await family('ben'), await family()];
    expect(await ownersOf(adas)).toEqual(['ada', 'ada', 'ada']);
    expect(await ownersOf(bens)).toEqual(['ben', 'ben', 'ben']);
    expect(await ownersOf(nobodys)).toEqual([undefined, undefined, undefined]);
    const listed = (await sagas.list({ limit: 10, owner: 'ada' })).map(({ id }) => id);
    expect(new Set(listed)).toEqual(new Set(adas));
  });

  it('is told from a command that makes no sense, with the reason', async () => {
    const { sentTo, deliver } = await packed();
    const [start] = sentTo('orchestrator.commands') as [ReturnType<typeof sentTo>[number]];
    const { deliver: tell } = { deliver: (change: object) => () => deliver({ ...start, ...change }) };
    await expect(async () => tell({ payload: '{}' })()).rejects.toThrow('names no saga and version');
    await expect(async () => tell({ payload: '{"saga":"packing","version":9}' })()).rejects.toThrow(
      'Saga packing v9 is not registered',
    );
    await expect(async () => tell({ type: 'flights.reserve' })()).rejects.toThrow('is sent saga.start');
    await expect(async () => tell({ messageId: 'other' })()).rejects.toThrow('messageId is not that of');
    await expect(async () => tell({ payload: '{"saga":"packing","version":1,"locks":7}' })()).rejects.toThrow(
      'locks of the parent',
    );
  });
});
