import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { commandQueueOf } from '@clew/envelope';
import { eventually } from '@clew/testing';
import { audit } from '../e2e/support/audit.js';
import { it } from '../e2e/support/it-with-logs.js';
import { RunningSystem } from '../e2e/support/running-system.js';
import { trip } from '../e2e/support/trip.js';

const KEY = 'open-sesame';
const ada = { actor: 'ada', reason: 'The hotels are on strike' };

interface Operated {
  readonly id: string;
  readonly status: string;
  readonly waiting: readonly string[];
}
interface Batch {
  readonly dryRun: boolean;
  readonly matched: number;
  readonly outcomes: readonly { outcome: string; because: string | null; count: number; ids: string[] }[];
}
describe('operators at three in the morning', () => {
  let system: RunningSystem;
  beforeAll(async () => {
    system = await RunningSystem.start({
      environment: { orchestrator: { CLEW_OPERATOR_KEY: KEY, CLEW_STEP_TIMEOUT_MS: '60000' } },
    });
  }, 90_000);
  afterAll(() => system?.stop(), 60_000);

  const headers = { 'content-type': 'application/json', authorization: `Bearer ${KEY}` };
  const get = async <Body>(path: string): Promise<Body> => {
    const response = await system.gateway().get(`/operations${path}`, headers);
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return (await response.json()) as Body;
  };
  const send = (path: string, body: object) =>
    fetch(`${system.gateway().url}/operations${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
  const post = async <Body>(path: string, body: object): Promise<Body> => {
    const response = await send(path, body);
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return (await response.json()) as Body;
  };

  it('read why a saga does not go on', async () => {
    await system.app('hotels').kill9();
    const { id } = await system.gateway().book(trip());
    const sentence = await eventually(async () => {
      const { waiting } = await get<Operated>(`/sagas/${id}`);
      return waiting.find((one) => /no consumer, and 1 message waits/.test(one));
    });
    expect(sentence).toMatch(
      /^Waiting \d+ s for the reply of hotels about step hotel, attempt 1; its queue has no consumer, and 1 message waits in its queue: start the app; times out in .+, and is asked again\.$/,
    );
    const slow = async (seconds: number) =>
      (await get<{ items: Operated[] }>(`/sagas?slowerThan=${seconds}`)).items.map((item) => item.id);
    await eventually(async () => (await slow(0)).includes(id));
    expect(await slow(3_600)).toEqual([]);

    const choreographed = await system.gateway().book(trip({ coordination: 'choreography' }));
    await eventually(async () =>
      (await get<Operated>(`/sagas/${choreographed.id}`)).waiting.some((one) =>
        /reply of hotels about step hotel, .* flights, who owns the saga, asks again\.$/.test(one),
      ),
    );
    const { queues } = await get<{ queues: { queue: string; messages: number; consumers: number }[] }>(
      '/lag',
    );
    expect(queues.find(({ queue }) => queue === commandQueueOf('hotels'))).toMatchObject({ consumers: 0 });
    system.app('hotels').start();
    await Promise.all([id, choreographed.id].map((each) => system.gateway().untilEnded(each)));
    expect((await get<Operated>(`/sagas/${id}`)).waiting).toEqual([]);
  }, 60_000);

  it('pause a definition: nothing of it is begun, what has begun ends, and callers read why', async () => {
    await system.app('hotels').kill9();
    const { id } = await system.gateway().book(trip());
    const pause = '/definitions/trip-booking/pause';
    expect(await post(pause, { ...ada, dryRun: true })).toMatchObject({ dryRun: true, changed: true });
    expect((await system.gateway().post(trip())).status).toBe(202);
    expect(await post(pause, ada)).toMatchObject({ changed: true, definition: { paused: ada } });
    expect(await post(pause, ada)).toMatchObject({ changed: false });
    const refused = await system.gateway().post(trip());
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(((await refused.json()) as { detail: string }).detail).toContain(ada.reason);
    system.app('hotels').start();
    await system.gateway().untilEnded(id);
    await system.app('orchestrator').kill9();
    system.app('orchestrator').start();
    await system.app('orchestrator').untilReady();
    expect((await system.gateway().post(trip())).status).toBe(503);
    expect(await post('/definitions/trip-booking/resume', ada)).toMatchObject({ changed: true });
    expect((await system.gateway().post(trip())).status).toBe(202);
    expect((await send('/definitions/unknown/pause', ada)).status).toBe(404);
  }, 60_000);

  it('do the same to many, to those that a dry run has found and to no others', async () => {
    await system.untilAllEnded(1);
    await system.app('hotels').kill9();
    const ids = (await Promise.all(Array.from({ length: 30 }, () => system.gateway().book(trip())))).map(
      (booking) => booking.id,
    );
    await eventually(async () => {
      const { items } = await get<{ items: Operated[] }>('/sagas?status=RUNNING&limit=100');
      return (
        items.length === 30 && items.every(({ waiting }) => waiting.some((one) => one.includes('hotel')))
      );
    });
    const wish = { action: 'compensate', ...ada };
    const planned = await post<Batch>('/batches', { ...wish, dryRun: true, filter: { status: 'RUNNING' } });
    expect(planned).toMatchObject({
      dryRun: true,
      matched: 30,
      outcomes: [{ outcome: 'changed', count: 30 }],
    });
    const found = planned.outcomes[0]!.ids;
    expect(new Set(found)).toEqual(new Set(ids));
    const late = await system.gateway().book(trip());
    const unknown = '0192a000-0000-7000-8000-000000000000';
    const done = await post<Batch>('/batches', { ...wish, ids: [...found, unknown] });
    expect(done.outcomes.map(({ outcome, count }) => [outcome, count])).toEqual([
      ['changed', 30],
      ['refused', 1],
    ]);
    system.app('hotels').start();
    await system.untilAllEnded(31);
    expect(await system.gateway().booking(late.id)).toMatchObject({ status: 'COMPLETED' });
    for (const id of ids)
      expect(await system.gateway().booking(id)).toMatchObject({
        status: 'COMPENSATED',
        failure: { code: 'COMPENSATED_BY_OPERATOR' },
      });
    for (const wrong of [
      { ...wish },
      { ...wish, filter: { status: 'RUNNING' } },
      { ...wish, ids, filter: {}, dryRun: true },
      { ...wish, ids, step: 'hotel' },
      { ...wish, ids, action: 'retry' },
      { ...wish, ids: ['x'] },
      { ...wish, filter: { unknown: 1 }, dryRun: true },
    ])
      expect((await send('/batches', wrong)).status).toBe(400);
  }, 60_000);

  it('leave a record of what they did, which nobody can change', async () => {
    const { items } = await get<{
      items: { actor: string; action: string; outcome: string; reason: string }[];
    }>('/log?limit=100');
    expect(items.map(({ action, outcome }) => [action, outcome])).toEqual([
      ['batch compensate', 'done'],
      ['resume', 'done'],
      ['pause', 'done'],
    ]);
    expect(items[0]).toMatchObject(ada);
    for (const tampering of [
      "UPDATE operator_action SET actor = 'nobody'",
      "UPDATE operator_action SET outcome = 'never done'",
      'DELETE FROM operator_action',
      'TRUNCATE operator_action',
    ])
      await expect(system.databases.rows('orchestrator', tampering)).rejects.toThrow('kept as it is');
    const { items: second, nextBefore } = await get<{ items: object[]; nextBefore: string }>('/log?limit=2');
    expect(second).toEqual(items.slice(0, 2));
    expect((await get<{ items: object[] }>(`/log?before=${nextBefore}`)).items).toEqual(items.slice(2));
    for (const path of ['/log', '/lag', '/definitions', '/sagas'])
      expect((await system.gateway().get(`/operations${path}`)).status).toBe(401);
  });

  it('find books that add up', async () => {
    await system.untilAllEnded(1);
    await audit(system);
  }, 60_000);
});
