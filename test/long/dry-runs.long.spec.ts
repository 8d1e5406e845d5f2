import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { eventually } from '@clew/testing';
import { shopParticipantNames, tripApps, type AppName } from '../e2e/support/app-process.js';
import { ClewCommand } from '../e2e/support/clew-command.js';
import { DeadLetterDesk } from '../e2e/support/dead-letter-desk.js';
import { it } from '../e2e/support/it-with-logs.js';
import * as stories from '../e2e/support/operator-stories.js';
import { IMPATIENT, parkedTrips, PATIENT } from '../e2e/support/parked-trips.js';
import { refuseCommand } from '../e2e/support/refuse-command.js';
import { Rehearsals } from '../e2e/support/rehearsals.js';
import { RunningSystem } from '../e2e/support/running-system.js';
import { Shop, type ShopSaga } from '../e2e/support/shop.js';
import { trip, type Coordination } from '../e2e/support/trip.js';
import { WireSpy } from '../e2e/support/wire-spy.js';

const KEY = 'open-sesame';
const COORDINATIONS: readonly Coordination[] = ['orchestration', 'choreography'];
const ada = { actor: 'ada', reason: 'The hotels are on strike' };
const REFUSAL = { code: 'NOT_TODAY', message: 'Not today' };

describe('a dry run says just what comes', () => {
  let system: RunningSystem;
  let wire: WireSpy;
  let shop: Shop;
  let rehearsals: Rehearsals;
  const parked = new Map<string, string[]>();
  const delivered: ShopSaga[] = [];
  beforeAll(async () => {
    const apps: readonly AppName[] = [...tripApps, ...shopParticipantNames];
    const all = Object.fromEntries(apps.map((name) => [name, { CLEW_OPERATOR_KEY: KEY, ...IMPATIENT }]));
    system = await RunningSystem.start({ apps, environment: all });
    wire = await WireSpy.bindEverything(system);
    shop = new Shop(system);
    rehearsals = new Rehearsals(system, KEY, wire);
    for (const coordination of COORDINATIONS) await system.gateway().bookAndWait(trip({ coordination }));
    for (const customerId of ['grace', 'linus']) delivered.push(await shop.placeAndWait({ customerId }));
    await system.app('shop-delivery').kill9();
    await system.app('hotels').kill9();
    const park = async (coordination: Coordination, count: number, ...down: ('hotels' | 'cars')[]) =>
      parked.set(`${coordination} ${down.join()}`, await parkedTrips(system, down, coordination, count));
    await Promise.all(COORDINATIONS.map((each) => park(each, 3, 'hotels')));
    await system.app('cars').kill9();
    await Promise.all(COORDINATIONS.map((each) => park(each, 3, 'hotels', 'cars')));
    // The flights own the choreographed trips.
    for (const name of ['orchestrator', 'flights'] as const) {
      await system.app(name).stop();
      system.app(name).start(PATIENT);
      await system.app(name).untilReady();
    }
  }, 180_000);
  afterAll(async () => {
    await wire?.close();
    await system?.stop();
  }, 60_000);

  /** Whatever is in the stories is rehearsed, each on a saga of its own. */
  const rehearse = (told: stories.Stories, scene: () => Promise<string> | string) => {
    for (const [title, story] of Object.entries(told))
      it(`of ${title}`, async () => {
        const id = await scene();
        for (const [action, wish, comes] of story) {
          const plan = await rehearsals.of(id, action, wish);
          const words = typeof plan === 'string' ? plan : stories.inWords(plan);
          expect([action, wish, words]).toEqual([
            action,
            wish,
            comes instanceof RegExp ? expect.stringMatching(comes) : comes,
          ]);
        }
      }, 60_000);
  };
  const post = async <Body>(path: string, body: object): Promise<Body> => {
    const response = await fetch(`${system.gateway().url}/operations${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${KEY}` },
      body: JSON.stringify({ ...ada, ...body }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Body;
  };
  const get = async <Body>(path: string): Promise<Body> =>
    (await (
      await system.gateway().get(`/operations${path}`, { authorization: `Bearer ${KEY}` })
    ).json()) as Body;
  const untilBooking = (id: string, statuses: string) =>
    eventually(async () => {
      const { steps } = await system.gateway().booking(id);
      return steps.map(({ status }) => status).join() === statuses;
    });
  /** A trip whose hotel doesn't answer, nor does its car unless that is up. */
  const onItsWay = async (coordination: Coordination, isCarUp = false) => {
    const { id } = await system.gateway().book(trip({ coordination }));
    await untilBooking(id, `SUCCEEDED,EXECUTING,${isCarUp ? 'SUCCEEDED' : 'EXECUTING'}`);
    return id;
  };

  for (const coordination of COORDINATIONS)
    describe(`of a trip in ${coordination}:`, () => {
      rehearse(stories.ON_THEIR_WAY, () => onItsWay(coordination));
      rehearse(stories.PARKED, () => parked.get(`${coordination} hotels`)!.pop()!);
      rehearse(stories.PARKED_TWICE, () => parked.get(`${coordination} hotels,cars`)!.pop()!);
    });

  describe('of an orchestrated trip:', () => {
    rehearse(stories.UNDO_REFUSED, async () => {
      const id = await onItsWay('orchestration');
      await post(`/sagas/${id}/compensate`, {});
      await post(`/sagas/${id}/mark-done`, { step: 'car' });
      await refuseCommand(system, 'hotels', `${id}/hotel/compensation/0`, REFUSAL);
      await untilBooking(id, 'COMPENSATED,STUCK,COMPENSATED');
      return id;
    });
  });

  describe('of an order:', () => {
    const isAsked = ({ steps }: ShopSaga) => steps.at(-1)!.status === 'EXECUTING';
    const asked = async (customerId: string) =>
      shop.until(await shop.place({ customerId }), isAsked, 'the delivery');
    rehearse(stories.DELIVERY_ASKED, async () => (await asked('grace')).id);
    rehearse(stories.DELIVERY_REFUSED, async () => {
      const order = await asked('grace');
      await refuseCommand(system, 'shop-delivery', `${order.id}/delivery/action/0`, REFUSAL);
      await shop.until(order, ({ status }) => status === 'STUCK', 'the refusal');
      return order.id;
    });
    rehearse(stories.LOCKED, async () => {
      await asked('ada');
      return (await shop.place({ customerId: 'ada' })).id;
    });
  });

  describe('of an exchange:', () => {
    const exchanging = async () => {
      const { links } = delivered.pop()!;
      const exchange = await shop.begin(links['exchange']!, { items: [{ sku: 'BOOK-1', quantity: 1 }] });
      const child = await eventually(async () => {
        const { items } = await get<{ items: ShopSaga[] }>('/sagas?saga=order-return&limit=1');
        return items[0]?.steps[0]!.status === 'EXECUTING' && items[0];
      });
      return { exchange, child };
    };
    rehearse(stories.PARENT, async () => (await exchanging()).exchange.id);
    rehearse(stories.CHILD, async () => (await exchanging()).child.id);
  });

  it('of pausing and resuming a definition', async () => {
    const definitions = () => get('/definitions');
    const isAccepted = async () => (await system.gateway().post(trip())).status === 202;
    for (const [action, accepts] of [
      ['pause', false],
      ['resume', true],
    ] as const) {
      const path = `/definitions/trip-booking/${action}`;
      const [before, log] = [await definitions(), await get('/log?limit=1')];
      const planned = await post<{ changed: boolean }>(path, { dryRun: true });
      expect([await definitions(), await get('/log?limit=1')]).toEqual([before, log]);
      expect(await isAccepted()).toBe(!accepts);
      const happened = await post<{ changed: boolean }>(path, {});
      expect([planned.changed, happened.changed]).toEqual([true, true]);
      expect(await isAccepted()).toBe(accepts);
      const again = {
        changed: false,
        definition: (happened as unknown as { definition: object }).definition,
      };
      expect(await post(path, { dryRun: true })).toEqual({ dryRun: true, ...again });
      expect(await post(path, {})).toEqual({ dryRun: false, ...again });
    }
  }, 60_000);

  it('of a batch, for each of its sagas', async () => {
    const open = await Promise.all(
      ['orchestration', 'orchestration', 'choreography'].map((each) => onItsWay(each as Coordination)),
    );
    const ended = (await system.gateway().allBookings()).find(({ status }) => status === 'COMPLETED')!.id;
    const ids = [...open, ended, '0192a000-0000-7000-8000-000000000000'];
    const each = await Promise.all(open.map((id) => rehearsals.planned(id, 'compensate')));
    const log = await get('/log?limit=1');
    const planned = await post<{ outcomes: { outcome: string; count: number }[] }>('/batches', {
      action: 'compensate',
      ids,
      dryRun: true,
    });
    expect(planned.outcomes.map(({ outcome, count }) => [outcome, count])).toEqual([
      ['changed', 3],
      ['refused', 1],
      ['refused', 1],
    ]);
    expect(await get('/log?limit=1')).toEqual(log);
    expect(await post('/batches', { action: 'compensate', ids })).toEqual({ ...planned, dryRun: false });
    for (const { plan, cameToThat } of each) {
      expect(stories.inWords(plan)).toBe('COMPENSATING car');
      await cameToThat();
    }
  }, 60_000);

  it('of sending dead letters back, and of throwing them away', async () => {
    for (const name of ['hotels', 'cars', 'shop-delivery'] as const) system.app(name).start();
    await system.untilAllEnded(1, 60_000);
    const hotels = system.app('hotels');
    await system.databases.rows('hotels', 'ALTER TABLE reservation RENAME TO reservation_away');
    const ids = [await onItsWay('orchestration', true), await onItsWay('orchestration', true)];
    const desk = new DeadLetterDesk(system, KEY);
    const letters = await desk.untilParked('hotels.commands', 2);
    await system.databases.rows('hotels', 'ALTER TABLE reservation_away RENAME TO reservation');
    await hotels.stop();
    for (const [action, id] of [
      ['redrive', ids[0]!],
      ['discard', ids[1]!],
    ] as const) {
      const messageId = `${id}/hotel/action/0`;
      const wish = {
        ...ada,
        ids: letters.filter((letter) => letter.messageId === messageId).map((one) => one.id),
      };
      const [before, log, seen] = [await desk.list(), await get('/log?limit=1'), wire.countOf(messageId)];
      const planned = await desk.move(action, { ...wish, dryRun: true });
      expect([await desk.list(), await get('/log?limit=1')]).toEqual([before, log]);
      expect(planned).toMatchObject({ matched: 1, done: 0, left: 1, letters: [{ messageId }] });
      const happened = await desk.move(action, wish);
      expect(happened).toEqual({ ...planned, dryRun: false, done: 1, left: 0 });
      const sent = action === 'redrive' ? 1 : 0;
      await eventually(() => wire.countOf(messageId) >= seen + sent);
      await system.gateway().book(trip());
      expect(wire.countOf(messageId)).toBe(seen + sent);
    }
    hotels.start();
    await post(`/sagas/${ids[1]}/compensate`, {});
  }, 90_000);

  it('and leaves books that add up', async () => {
    await system.untilAllEnded(1, 60_000);
    const { findings } = await new ClewCommand(system, KEY).json<{ findings: object[] }>('audit');
    expect(findings).toEqual([]);
  }, 90_000);
});
