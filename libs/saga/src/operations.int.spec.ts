import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { saga } from './core/index.js';
import {
  action,
  committedStep,
  done,
  EngineBench,
  order,
  refused,
  step,
  undo,
  type Order,
} from './engine-bench.fixture.js';

const ada = { actor: 'ada', reason: 'called the hotel' };
const paid = saga<Order>('paid', { version: 1 })
  .step('stock', step)
  .step('pay', { ...committedStep, pivot: true })
  .step('ship', { ...committedStep, retriable: true })
  .end();

describe('what operators and callers do about a saga', () => {
  let bench: EngineBench;
  beforeAll(async () => {
    bench = await EngineBench.open();
  });
  afterEach(() => bench.clear());
  afterAll(() => bench.close());

  /** STUCK: `left` refuses to be undone, `first` has been undone. */
  async function stuck() {
    const orchestrator = bench.orchestrator();
    const { sagas, reply } = orchestrator;
    const { id } = await sagas.start(order, { what: 'tea' });
    await reply(id, action('first'), done);
    await reply(id, action('left'), done);
    await reply(id, action('right'), refused);
    await reply(id, undo('left'), refused);
    await reply(id, undo('first'), done);
    expect(await sagas.find(id)).toMatchObject({ status: 'STUCK', state: { failure: { step: 'right' } } });
    return { ...orchestrator, id };
  }

  it('end a STUCK saga COMPENSATED by one retry, which takes the next epoch', async () => {
    const { sagas, reply, wire, id } = await stuck();
    expect(await sagas.operate(id, { action: 'retry', step: 'left' }, ada)).toEqual({
      changed: true,
      status: 'COMPENSATING',
    });
    expect(wire.idsOf(id).at(-1)).toBe(`${id}/left/compensation/1`);
    expect(wire.published.at(-1)?.headers).toMatchObject({ undoes: 0, epoch: 1, attempt: 1 });
    await reply(id, undo('left'), done);
    expect((await sagas.find(id))?.status).toBe('COMPENSATING');
    await reply(id, undo('left', 1), done);
    expect((await sagas.find(id))?.status).toBe('COMPENSATED');
  });

  it('leave in the history who did what, and why', async () => {
    const { sagas, id } = await stuck();
    await sagas.operate(id, { action: 'mark-done', step: 'left' }, ada);
    const record = await sagas.find(id);
    expect(record?.status).toBe('COMPENSATED');
    const cause = { kind: 'operator', action: 'mark-done', ...ada };
    expect(record?.history.at(-1)?.entries).toEqual([
      { event: { type: 'StepCompensated', step: 'left', byHand: true }, cause },
      { event: { type: 'SagaResumed' }, cause },
      { event: { type: 'SagaCompensated' }, cause },
    ]);
  });

  it('are worked out beforehand without a trace, and then come out just so', async () => {
    const { sagas, wire, id } = await stuck();
    const retry = { action: 'retry', step: 'left' } as const;
    const sent = wire.published.length;
    const plan = await sagas.preview(id, retry, ada);
    expect(plan).toMatchObject({
      verdict: 'accepted',
      status: { before: 'STUCK', after: 'COMPENSATING' },
      commands: [{ messageId: `${id}/left/compensation/1`, participant: 'shop', type: 'shop.unbook' }],
    });
    expect(wire.published).toHaveLength(sent);
    const before = await sagas.find(id);
    expect(before).toMatchObject({ status: 'STUCK', revision: plan.revision });

    await sagas.operate(id, retry, ada);
    const after = await sagas.find(id);
    expect(after?.history.at(-1)?.entries.map(({ event }) => event)).toEqual(plan.events);
    expect(wire.published.slice(sent).map(({ messageId }) => messageId)).toEqual(
      plan.commands.map(({ messageId }) => messageId),
    );
    expect(after?.status).toBe(plan.status.after);
  });

  it('change something once, however often and from however many sides they are wished for', async () => {
    const { sagas, id } = await stuck();
    const other = bench.orchestrator().sagas;
    const wishes = Array.from({ length: 20 }, (_, index) =>
      (index % 2 ? sagas : other).operate(id, { action: 'retry', step: 'left' }, ada),
    );
    const outcomes = await Promise.all(wishes);
    expect(outcomes.filter(({ changed }) => changed)).toHaveLength(1);
    expect(outcomes.find(({ changed }) => !changed)?.because).toBe(
      'Step "left" is COMPENSATING: it is being asked for',
    );
    const events = (await sagas.find(id))?.history.flatMap(({ entries }) =>
      entries.map(({ event }) => event),
    );
    expect(events?.filter(({ type }) => type === 'StepUnparked')).toHaveLength(1);
  });

  it('are refused with a sentence where they make no sense, and change nothing', async () => {
    const { sagas, reply } = bench.orchestrator({ definitions: [order, paid] });
    const { id } = await sagas.start(paid, { what: 'tea' });
    const refusal = (operation: Parameters<typeof sagas.operate>[1]) => sagas.operate(id, operation, ada);
    await expect(refusal({ action: 'retry', step: 'stock' })).resolves.toMatchObject({ changed: false });
    await expect(refusal({ action: 'skip', step: 'stock' })).rejects.toThrow('Step "stock" is EXECUTING');
    await expect(refusal({ action: 'retry', step: 'nowhere' })).rejects.toThrow(
      'Saga paid has no step "nowhere": its steps are stock, pay, ship',
    );
    await reply(id, action('stock'), done);
    await expect(refusal({ action: 'cancel' })).rejects.toMatchObject({
      code: 'OPERATION_REFUSED',
      message: 'Step "pay" can\'t be undone and may have been done: it has to be known first whether it was',
    });
    expect(await sagas.find(id)).toMatchObject({ status: 'RUNNING', revision: 2 });
    expect(await sagas.preview(id, { action: 'cancel' }, ada)).toMatchObject({
      verdict: 'refused',
      events: [],
      commands: [],
    });
    await expect(
      sagas.operate('00000000-0000-7000-8000-000000000000', { action: 'cancel' }, ada),
    ).rejects.toMatchObject({ code: 'UNKNOWN_SAGA' });
  });

  it('cancel a saga on its way: what is done or under way is undone', async () => {
    const { sagas, reply, wire } = bench.orchestrator();
    const { id } = await sagas.start(order, { what: 'tea' });
    await reply(id, action('first'), done);
    await sagas.operate(id, { action: 'cancel' }, { actor: 'bob', reason: 'changed my mind' });
    for (const name of ['right', 'left', 'first']) await reply(id, undo(name), done);
    expect(await sagas.find(id)).toMatchObject({
      status: 'COMPENSATED',
      state: { failure: { code: 'CANCELLED', message: 'changed my mind' } },
    });
    expect(wire.idsOf(id).slice(3)).toEqual(
      ['right', 'left', 'first'].map((name) => `${id}/${name}/compensation/0`),
    );
    await expect(sagas.operate(id, { action: 'cancel' }, ada)).rejects.toThrow(
      'The saga has ended: it is COMPENSATED',
    );
  });

  it('take a pivot that never answers for done, with the result that somebody found out', async () => {
    const { sagas, reply, wire } = bench.orchestrator({ definitions: [paid] });
    const { id } = await sagas.start(paid, { what: 'tea' });
    await reply(id, action('stock'), done);
    await sagas.operate(id, { action: 'mark-done', step: 'pay', result: { receipt: 7 } }, ada);
    expect(wire.idsOf(id).at(-1)).toBe(`${id}/ship/action/0`);
    await reply(id, action('pay'), refused);
    await reply(id, action('ship'), refused);
    expect((await sagas.find(id))?.status).toBe('STUCK');
    await sagas.operate(id, { action: 'skip', step: 'ship' }, ada);
    expect(await sagas.find(id)).toMatchObject({
      status: 'COMPLETED',
      state: { steps: { pay: { action: { result: { receipt: 7 } } }, ship: { status: 'SKIPPED' } } },
    });
  });
});
