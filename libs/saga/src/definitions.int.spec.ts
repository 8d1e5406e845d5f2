import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { saga } from './core/index.js';
import { DefinitionRegistry } from './definition-registry.js';
import { action, done, EngineBench, order, step, type Order } from './engine-bench.fixture.js';

const changed = saga<Order>('order', { version: 1 }).step('first', step).step('left', step).end();
const next = saga<Order>('order', { version: 2 }).step('first', step).end();

describe('definitions that live longer than a deployment', () => {
  let bench: EngineBench;
  beforeAll(async () => {
    bench = await EngineBench.open();
  });
  afterEach(() => bench.clear());
  afterAll(() => bench.close());

  async function inFlight() {
    const { sagas, definitionStore, registry } = bench.orchestrator();
    await definitionStore.record(registry.all);
    await sagas.start(order, { what: 'tea' });
    await sagas.start(order, { what: 'milk' });
    return definitionStore.inFlight();
  }

  it('stop start-up when one was changed that instances in flight began with: the sentence names step, difference and number', async () => {
    const conflicts = new DefinitionRegistry([changed]).conflictsWith(await inFlight());
    expect(conflicts).toEqual([
      'saga order v1 has changed while 2 instances of it are in flight: step "right" (compensatable shop.book/shop.unbook) is gone. Restore v1 as it was and register the change beside it as v2',
    ]);
  });

  it('stop start-up when one is missing', async () => {
    expect(new DefinitionRegistry([next]).conflictsWith(await inFlight())).toEqual([
      '2 instances of saga order v1 are in flight, but that version is not registered: register it beside the newer one until they have ended',
    ]);
  });

  it('say nothing when old and new stand side by side, and both end right', async () => {
    const flying = await inFlight();
    expect(new DefinitionRegistry([order, next]).conflictsWith(flying)).toEqual([]);
    const { sagas, reply } = bench.orchestrator({ definitions: [order, next] });
    const old = (await sagas.list({ limit: 1 }))[0]!.id;
    const { id: young } = await sagas.start(next, { what: 'tea' });
    for (const id of [old, young]) await reply(id, action('first'), done);
    expect(await sagas.find(young)).toMatchObject({ status: 'COMPLETED', version: 2 });
    expect(await sagas.find(old)).toMatchObject({ status: 'RUNNING', version: 1 });
    for (const name of ['left', 'right']) await reply(old, action(name), done);
    expect(await sagas.find(old)).toMatchObject({ status: 'COMPLETED', version: 1 });
  });

  it('are not mistaken for another of the same version that a process was deployed with meanwhile', async () => {
    const { sagas } = bench.orchestrator();
    const { id } = await sagas.start(order, { what: 'tea' });
    const newer = bench.orchestrator({ definitions: [changed] });
    await expect(newer.reply(id, action('first'), done)).rejects.toMatchObject({
      code: 'UNREGISTERED_DEFINITION',
    });
    await expect(
      newer.sagas.preview(id, { action: 'cancel' }, { actor: 'ada', reason: 'no' }),
    ).rejects.toMatchObject({ code: 'UNREGISTERED_DEFINITION' });
    expect(await sagas.find(id)).toMatchObject({ status: 'RUNNING', revision: 1 });
  });
});
