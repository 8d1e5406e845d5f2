import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { eventually } from '@clew/testing';
import { shopApps } from '../e2e/support/app-process.js';
import { Callers, keysOf } from '../e2e/support/callers.js';
import type { Transition } from '../e2e/support/gateway.js';
import { it } from '../e2e/support/it-with-logs.js';
import { RunningSystem } from '../e2e/support/running-system.js';
import { orderRequest, type ShopSaga } from '../e2e/support/shop.js';

const ADA = { as: 'ada', method: 'POST' };

describe('what follows upon an order, where keys are set', () => {
  let system: RunningSystem;
  let callers: Callers;
  beforeAll(async () => {
    const orchestrator = keysOf(['ada', 'eve'], ['ops']);
    system = await RunningSystem.start({ apps: shopApps, environment: { orchestrator } });
    callers = new Callers(system.gateway().url);
  }, 90_000);
  afterAll(() => system?.stop(), 60_000);

  const begin = async (path: string, body?: unknown) => {
    const answer = await callers.call(path, { ...ADA, body });
    expect([path, answer.status]).toEqual([path, 202]);
    return (await answer.json()) as ShopSaga;
  };
  const completed = ({ links }: ShopSaga) =>
    eventually(
      async () => {
        const saga = (await (await callers.call(links['self']!, { as: 'ada' })).json()) as ShopSaga;
        if (saga.status === 'COMPLETED') return saga;
        throw new Error(`it is ${saga.status}: ${JSON.stringify(saga.steps)}`);
      },
      { within: 30_000, describe: `the end of ${links['self']}` },
    );
  const ordered = async () => completed(await begin('/orders', orderRequest()));
  const exchanged = async ({ links }: ShopSaga) =>
    completed(await begin(links['exchange']!, { items: [{ sku: 'BOOK-1', quantity: 1 }] }));
  const statusesOf = async (path: string) =>
    Promise.all(
      ['ada', 'eve', 'ops', undefined].map(async (as) => {
        const answer = await callers.call(path, { ...(as && { as }) });
        await answer.body?.cancel();
        return answer.status;
      }),
    );
  /** As operators see them. */
  const returns = async () => {
    const answer = await callers.call('/operations/sagas?saga=order-return', { as: 'ops' });
    return ((await answer.json()) as { items: (ShopSaga & { owner: string | null })[] }).items;
  };

  it('is of whose the order was: a return that is asked for', async () => {
    const order = await ordered();
    const { links } = await completed(await begin(order.links['return']!));
    for (const part of ['self', 'history', 'events'])
      expect([part, await statusesOf(links[part]!)]).toEqual([part, [200, 404, 200, 401]]);
  });

  it('is of whose the order was: a return that an exchange starts', async () => {
    const before = await returns();
    const exchange = await exchanged(await ordered());
    const [own, ...others] = await returns();
    expect(others).toEqual(before);
    expect(own).toMatchObject({ status: 'COMPLETED', owner: 'ada' });
    const self = `/returns/${own!.id}`;
    for (const path of [self, `${self}/history`, `${self}/events`, exchange.links['self']!])
      expect([path, await statusesOf(path)]).toEqual([path, [200, 404, 200, 401]]);
    const history = await callers.call(`${self}/history`, { as: 'ada' });
    const [started] = ((await history.json()) as { items: Transition[] }).items;
    expect(started!.cause).toMatchObject({ kind: 'parent', messageId: `${exchange.id}/return/action/0` });
  });
});
