import { randomUUID } from 'node:crypto';
import { connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, jest } from '@jest/globals';
import { queueOf } from '@clew/rabbitmq';
import { eventually } from '@clew/testing';
import { shopParticipantNames, tripApps, type AppName } from '../e2e/support/app-process.js';
import { ClewCommand } from '../e2e/support/clew-command.js';
import type { Booking } from '../e2e/support/gateway.js';
import { it } from '../e2e/support/it-with-logs.js';
import { RunningSystem } from '../e2e/support/running-system.js';
import { Shop } from '../e2e/support/shop.js';
import { trip, tripsOnOneFlight } from '../e2e/support/trip.js';

const KEY = 'open-sesame';

// Each run of the program is a process of its own, and on a busy machine those take their time.
jest.setTimeout(60_000);

interface AuditDocument {
  readonly findings: readonly {
    readonly kind: string;
    readonly bookingId: string | null;
    readonly participant: string;
    readonly sentence: string;
  }[];
  readonly notes: readonly { readonly bookingId: string; readonly sentence: string }[];
  readonly sagas: { readonly read: number; readonly underWay: number };
}

interface DoctorDocument {
  readonly checks: readonly { readonly name: string; readonly status: string; readonly sentence: string }[];
}

describe('the command line', () => {
  let system: RunningSystem;
  let clew: ClewCommand;
  let shop: Shop;
  beforeAll(async () => {
    const apps: readonly AppName[] = [...tripApps, ...shopParticipantNames];
    const all = Object.fromEntries(apps.map((name) => [name, { CLEW_OPERATOR_KEY: KEY }]));
    system = await RunningSystem.start({ apps, environment: all });
    clew = new ClewCommand(system, KEY);
    shop = new Shop(system);
  }, 90_000);
  afterAll(() => system?.stop(), 60_000);

  const audited = () => clew.json<AuditDocument>('audit');
  const change = (app: AppName, sql: string, ...values: unknown[]) =>
    system.databases.rows(app, sql, ...values);

  /** Damages one database, sees what the audit finds, and mends it. */
  const findingsAfter = async (damage: () => Promise<unknown>, mend: () => Promise<unknown>) => {
    await damage();
    try {
      const { code, findings } = await audited();
      expect(code).toBe(findings.length > 0 ? 1 : 0);
      return findings.map(({ kind, bookingId, participant }) => [kind, bookingId, participant]);
    } finally {
      await mend();
    }
  };

  it('books what it is asked to, and waits for the end', async () => {
    const booked = await clew.json<Booking>('book', '--wait');
    expect(booked).toMatchObject({ code: 0, status: 'COMPLETED', coordination: 'orchestration' });
    const choreographed = await clew.json<Booking>('book', '--choreography', '--wait', '20');
    expect(choreographed).toMatchObject({ code: 0, status: 'COMPLETED', coordination: 'choreography' });
    const refused = await clew.run('book', '--hotel', 'GRAND-FULL', '--wait');
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain('COMPENSATED');
    expect(refused.stderr).toContain('HOTEL_SOLD_OUT');
  });

  it('lists and shows sagas', async () => {
    const { items, code } = await clew.json<{ items: Booking[] }>('list', '--status', 'completed');
    expect([code, new Set(items.map(({ status }) => status))]).toEqual([0, new Set(['COMPLETED'])]);
    const { id } = items[0]!;
    expect((await clew.run('list')).stdout).toContain(id);
    const { stdout } = await clew.run('show', id);
    for (const part of ['trip-booking', 'COMPLETED', 'flight', 'SagaStarted', 'by request', '+'])
      expect(stdout).toContain(part);
    const shown = await clew.json<{ history: object[]; waitsFor: null }>('show', id);
    expect(shown).toMatchObject({ code: 0, waitsFor: null });
    expect(shown.history.length).toBeGreaterThan(6);
  });

  it('pauses and resumes a definition, and tells what operators have done', async () => {
    expect(await clew.json('pause', 'order', '--reason', 'Stocktaking')).toMatchObject({
      code: 0,
      changed: true,
    });
    expect((await clew.run('pause', 'order', '--reason', 'Again')).stdout).toContain(
      'It is paused: Stocktaking',
    );
    await expect(shop.place()).rejects.toThrow('Stocktaking');
    expect(await clew.json('resume', 'order', '--reason', 'Counted')).toMatchObject({
      code: 0,
      changed: true,
    });
    const { items } = await clew.json<{ items: { action: string; reason: string; outcome: string }[] }>(
      'log',
    );
    expect(items.slice(0, 2).map(({ action, reason, outcome }) => [action, reason, outcome])).toEqual([
      ['resume', 'Counted', 'done'],
      ['pause', 'Stocktaking', 'done'],
    ]);
    expect((await clew.run('pause', 'nothing', '--reason', 'Why')).stderr).toContain(
      'There is no definition nothing',
    );
  });

  it('lets operators and callers see to what is under way', async () => {
    await system.app('hotels').kill9();
    const { id } = await system.gateway().book(trip());
    try {
      await eventually(async () => (await system.ask('cars', `/reservations/${id}`)).ok);
      const waiting = /Waiting \d+ s for the reply of hotels about step hotel, attempt 1;/;
      await eventually(async () => waiting.test((await clew.run('show', id)).stdout), { every: 500 });
      expect((await clew.run('list', '--status', 'running')).stdout).toMatch(waiting);
      const batch = ['batch', 'cancel', '--status', 'running', '--reason', 'Ill'];
      expect(await clew.json(...batch)).toMatchObject({ code: 0, dryRun: true, matched: 1 });
      const lag = await clew.json<{ queues: { queue: string; consumers: number }[] }>('lag');
      expect(lag.queues.find(({ queue }) => queue === 'hotels.commands')).toMatchObject({ consumers: 0 });
      const planned = await clew.json<{ dryRun: boolean; commands: { type: string }[] }>(
        ...['compensate', id, '--reason', 'Nobody travels', '--dry-run'],
      );
      expect(planned).toMatchObject({ code: 0, dryRun: true, changed: true });
      expect(planned.commands.map(({ type }) => type)).toContain('cars.cancel');
      const early = await clew.run('skip', id, 'hotel', '--reason', 'Now');
      expect([early.code, early.stdout]).toEqual([1, '']);
      expect(early.stderr).toContain('EXECUTING');
      const unsaid = await clew.run('skip', id, '--reason', 'Now');
      expect([unsaid.code, unsaid.stderr]).toEqual([2, expect.stringContaining('Say which step')]);
      expect(await clew.json('cancel', id, '--reason', 'Ill')).toMatchObject({ code: 0, changed: true });
    } finally {
      system.app('hotels').start();
      await system.app('hotels').untilReady();
    }
    expect(await system.gateway().untilEnded(id)).toMatchObject({
      status: 'COMPENSATED',
      failure: { code: 'CANCELLED' },
    });
  });

  it('says what to do when it is called wrongly, or nobody answers', async () => {
    const cases: [words: string[], environment: Record<string, string>, code: number, stderr: string][] = [
      [['fly'], {}, 2, 'unknown command'],
      [['book', '--seats', '0'], {}, 2, 'whole number'],
      [['retry', randomUUID()], {}, 2, '--reason'],
      [['show', randomUUID()], {}, 1, 'There is no saga'],
      [['book', '--date', 'tomorrow'], {}, 1, 'flight.date'],
      [['list'], { CLEW_OPERATOR_KEY: 'another-key' }, 2, 'CLEW_OPERATOR_KEY'],
      [['list'], { CLEW_URL: 'http://127.0.0.1:1' }, 2, 'npm start'],
      [['dead-letters', 'discard', '--reason', 'x'], {}, 2, 'exactly one'],
      [['audit'], {}, 2, 'CLEW_PARTICIPANTS'],
    ];
    await Promise.all(
      cases.map(async ([words, environment, code, stderr]) => {
        const all = { CLEW_URL: system.gateway().url, CLEW_OPERATOR_KEY: KEY, ...environment };
        const ran = await clew.runIn(all, ...words, '--json');
        expect([words, ran.code, ran.stdout]).toEqual([words, code, '']);
        expect(ran.stderr).toContain(stderr);
        expect(ran.stderr).not.toContain('another-key');
      }),
    );
  });

  it('opens the books of a participant to nobody without the key, and never divides a saga', async () => {
    const { id } = await shop.placeAndWait({ giftWrap: { message: 'For you' } });
    for (const path of ['/audit/reservations', '/audit/inventory', '/audit/migrations'])
      for (const name of [...tripApps.slice(1), ...shopParticipantNames])
        expect((await fetch(`${system.app(name).url}${path}`)).status).toBe(401);
    const headers = { authorization: `Bearer ${KEY}` };
    const page = async (query: string) =>
      (await fetch(`${system.app('shop-stock').url}/audit/reservations?${query}`, { headers })).json();
    const { items, nextAfter } = (await page('limit=1')) as { items: { what: string }[]; nextAfter: string };
    expect([items.map(({ what }) => what).sort(), nextAfter]).toEqual([['goods', 'wrapping'], id]);
    expect(await page(`limit=1&after=${nextAfter}`)).toEqual({ items: [], nextAfter: null });
  });

  it('finds the books in order, of trips and orders, returns and exchanges', async () => {
    const items = [{ sku: 'BOOK-1', quantity: 1 }];
    await shop.placeAndWait({ customerId: 'poor-joe' });
    const [returned, exchanged] = [await shop.placeAndWait(), await shop.placeAndWait()];
    await shop.ended(await shop.begin(`/orders/${returned.id}/return`));
    await shop.ended(await shop.begin(`/orders/${returned.id}/return`));
    await shop.ended(await shop.begin(`/orders/${exchanged.id}/exchange`, { items }));
    const { code, findings, notes, sagas } = await audited();
    expect([code, findings, notes]).toEqual([0, [], []]);
    expect(sagas.read).toBeGreaterThan(8);
    expect((await clew.run('audit')).stdout).toContain('The books are in order.');
  });

  describe('finds', () => {
    let booked: Booking;
    beforeAll(async () => {
      booked = await system.gateway().bookAndWait(trip());
    });

    for (const [app, inventory, gone, back] of [
      ['flights', 'flight_inventory', 'reserved - seats', 'reserved + seats'],
      ['hotels', 'hotel_inventory', 'reserved - rooms', 'reserved + rooms'],
      ['cars', 'car_inventory', 'reserved - 1', 'reserved + 1'],
    ] as const) {
      it(`what is missing at ${app}, and its drift`, async () => {
        const places = {
          flights: 'i.flight_number = r.flight_number AND i.date = r.date',
          hotels: 'i.hotel_id = r.hotel_id AND i.night >= r.check_in AND i.night < r.check_out',
          cars: 'i.location = r.location AND i.car_class = r.car_class AND i.day BETWEEN r.pick_up AND r.drop_off',
        }[app];
        const count = (to: string) =>
          change(
            app,
            `UPDATE ${inventory} i SET reserved = ${to} FROM reservation r WHERE r.saga_id = $1 AND ${places}`,
            booked.id,
          );
        const status = (to: string) =>
          change(app, 'UPDATE reservation SET status = $2 WHERE saga_id = $1', booked.id, to);

        const missing = await findingsAfter(
          () => Promise.all([count(gone), status('CANCELLED')]),
          () => Promise.all([count(back), status('RESERVED')]),
        );
        expect(missing).toEqual([['missing', booked.id, app]]);

        const drift = await findingsAfter(
          () => count(gone),
          () => count(back),
        );
        expect(new Set(drift.map(String))).toEqual(new Set([String(['drift', null, app])]));
      });
    }

    it('what nobody has booked, what was undone and is held all the same, and what is held twice', async () => {
      const undone = await system.gateway().bookAndWait(trip({ hotel: { hotelId: 'GRAND-FULL' } }));
      const [stranger, forgotten] = [randomUUID(), randomUUID()];
      const copy = (sagaId: string, step: string, days = 0) =>
        change(
          'flights',
          `WITH made AS (
             INSERT INTO reservation (id, saga_id, step, flight_number, date, seats, created_at)
             SELECT gen_random_uuid(), $2, $3, flight_number, date, seats, now() - $4 * interval '1 day'
             FROM reservation
             WHERE saga_id = $1 AND step = 'flight'
             RETURNING flight_number, date, seats)
           UPDATE flight_inventory i SET reserved = reserved + seats FROM made
           WHERE i.flight_number = made.flight_number AND i.date = made.date`,
          booked.id,
          sagaId,
          step,
          days,
        );
      const drop = (sagaId: string, step: string) =>
        change(
          'flights',
          `WITH gone AS (
             DELETE FROM reservation WHERE saga_id = $1 AND step = $2 RETURNING flight_number, date, seats)
           UPDATE flight_inventory i SET reserved = reserved - seats FROM gone
           WHERE i.flight_number = gone.flight_number AND i.date = gone.date`,
          sagaId,
          step,
        );
      const found = await findingsAfter(
        () =>
          Promise.all([
            copy(stranger, 'flight'),
            copy(forgotten, 'flight', 31),
            copy(undone.id, 'again'),
            copy(booked.id, 'again'),
          ]),
        () =>
          Promise.all([
            drop(stranger, 'flight'),
            drop(forgotten, 'flight'),
            drop(undone.id, 'again'),
            drop(booked.id, 'again'),
          ]),
      );
      expect(new Set(found.map(String))).toEqual(
        new Set([
          String(['orphan', stranger, 'flights']),
          String(['orphan', undone.id, 'flights']),
          String(['double', booked.id, 'flights']),
        ]),
      );
    });

    it('what is wrong in the shop', async () => {
      const { id } = await shop.placeAndWait({ giftWrap: { message: 'For you' } });
      const refused = await shop.placeAndWait({ customerId: 'poor-joe' });
      const returned = await shop.placeAndWait();
      await shop.ended(await shop.begin(`/orders/${returned.id}/return`));
      const held = (sagaId: string, from: string, to: string, sign: string) =>
        change(
          'shop-stock',
          `WITH h AS (UPDATE hold SET status = $3 WHERE saga_id = $1 AND status = $2 RETURNING id)
           UPDATE product SET reserved = reserved ${sign} quantity FROM hold_line, h
           WHERE hold_line.hold_id = h.id AND product.sku = hold_line.sku`,
          sagaId,
          from,
          to,
        );
      const paid = (to: string, sign: string) =>
        change(
          'shop-payments',
          `WITH p AS (UPDATE payment SET status = $2 WHERE saga_id = $1 RETURNING customer_id, amount_cents)
           UPDATE account SET captured_cents = captured_cents ${sign} amount_cents FROM p
           WHERE account.customer_id = p.customer_id`,
          id,
          to,
        );
      const sheets = (by: number) => change('shop-stock', 'UPDATE wrapping_paper SET used = used + $1', by);
      const deliveries = await change('shop-delivery', 'SELECT * FROM delivery WHERE saga_id = $1', id);
      const found = await findingsAfter(
        async () => {
          await held(refused.id, 'RELEASED', 'HELD', '+');
          await held(returned.id, 'RETURNED', 'HELD', '+');
          await paid('REFUNDED', '-');
          await sheets(1);
          await change('shop-delivery', 'DELETE FROM delivery WHERE saga_id = $1', id);
        },
        async () => {
          await held(refused.id, 'HELD', 'RELEASED', '-');
          await held(returned.id, 'HELD', 'RETURNED', '-');
          await paid('CAPTURED', '+');
          await sheets(-1);
          await change(
            'shop-delivery',
            'INSERT INTO delivery SELECT * FROM json_populate_record(NULL::delivery, $1)',
            JSON.stringify(deliveries[0]),
          );
        },
      );
      expect(new Set(found.map(String))).toEqual(
        new Set([
          String(['orphan', refused.id, 'shop-stock']),
          String(['orphan', returned.id, 'shop-stock']),
          String(['missing', id, 'shop-payments']),
          String(['missing', id, 'shop-delivery']),
          String(['drift', null, 'shop-stock']),
        ]),
      );
    });
  });

  it('notes what an operator has seen to, and finds nothing wrong with it', async () => {
    await shop.carrier(false);
    try {
      const order = await shop.place();
      const isWaiting = ({ steps }: typeof order) => steps.at(-1)!.status === 'EXECUTING';
      await shop.until(order, isWaiting, 'the delivery');
      const done = await clew.json('mark-done', order.id, 'delivery', '--reason', 'Brought by hand');
      expect(done).toMatchObject({ code: 0, changed: true, status: 'COMPLETED' });
      const { code, findings, notes } = await audited();
      expect([code, findings]).toEqual([0, []]);
      expect(notes).toEqual([
        { bookingId: order.id, sentence: expect.stringContaining('An operator saw to the step.') },
      ]);
    } finally {
      await shop.carrier(true);
    }
  });

  it('finds nothing while bookings are under way', async () => {
    const gateway = system.gateway();
    const some = (count: number) =>
      tripsOnOneFlight(count).map((each, n) => ({
        ...each,
        ...(n % 3 === 0 && { coordination: 'choreography' as const }),
        ...(n % 4 === 0 && { car: { ...each.car, carClass: 'limousine' } }),
      }));
    const booked: string[] = [];
    let isOver = false;
    // A few at a time, so that there are some whenever the audit comes by.
    const booking = async () => {
      while (!isOver)
        booked.push(...(await Promise.all(some(10).map((each) => gateway.book(each)))).map(({ id }) => id));
    };
    const findsNothing = async () => {
      const { code, findings, sagas } = await audited();
      expect([findings, code]).toEqual([[], 0]);
      return sagas.underWay;
    };
    const auditing = async () => {
      try {
        while ((await findsNothing()) === 0 || booked.length < 100);
      } finally {
        isOver = true;
      }
    };
    await Promise.all([booking(), auditing()]);
    await Promise.all(booked.map((id) => gateway.untilEnded(id)));
    expect(await findsNothing()).toBe(0);
  });

  it('finds what a system stands on in order, and a queue that was deleted', async () => {
    const healthy = await clew.json<DoctorDocument>('doctor');
    expect(healthy.checks.filter(({ status }) => status === 'failed')).toEqual([]);
    expect(healthy.code).toBe(0);
    for (const name of ['broker', 'topology', 'migrations', 'database clock', 'definitions', 'disk', 'cars'])
      expect(healthy.checks.map((check) => check.name)).toContain(name);

    const recorded = (finished: string) =>
      change('hotels', `UPDATE _prisma_migrations SET finished_at = ${finished}`);
    await recorded('NULL');
    const behind = await clew.json<DoctorDocument>('doctor');
    await recorded('now()');
    expect([behind.code, behind.checks.find(({ name }) => name === 'hotels')]).toMatchObject([
      1,
      { status: 'failed', sentence: expect.stringContaining('Migrations are pending') },
    ]);

    await system.app('cars').stop();
    const queue = queueOf({ namespace: system.namespace, queues: [] }, 'cars.commands');
    const connection = await connect(system.servers.amqpUrl);
    const channel = await connection.createChannel();
    await channel.deleteQueue(queue);
    await connection.close();

    const ill = await clew.json<DoctorDocument>('doctor');
    expect(ill.code).toBe(1);
    const topology = ill.checks.find(({ name }) => name === 'topology');
    expect(topology).toMatchObject({ status: 'failed', sentence: expect.stringContaining(queue) });
    expect(ill.checks.find(({ name }) => name === 'cars')).toMatchObject({ status: 'failed' });
    system.app('cars').start();
    await system.app('cars').untilReady();
    expect((await clew.run('doctor')).code).toBe(0);
  });
});
