import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PrismaPg } from '@prisma/adapter-pg';
import { createTestDatabase, eventually, type TestDatabase } from '@clew/testing';
import { PrismaClient } from '../../../apps/flights/src/database/client/client.js';
import type { OutboxMessage } from './outbox-message.js';
import { claimOutbox, insertOutbox } from './outbox-rows.js';
import { Relay, type RelayOptions } from './relay.js';
import type { SqlDatabase } from './sql-database.js';
import { messageWith, ScriptedPublisher } from './test-messages.fixture.js';

describe('the relay', () => {
  let testDatabase: TestDatabase;
  let database: PrismaClient;
  let publisher: ScriptedPublisher;
  let relays: Relay[];
  let log: string[];

  beforeEach(async () => {
    testDatabase = await createTestDatabase('flights');
    database = new PrismaClient({ adapter: new PrismaPg({ connectionString: testDatabase.url }) });
    publisher = new ScriptedPublisher();
    relays = [];
    log = [];
  });

  afterEach(async () => {
    await Promise.all(relays.map((relay) => relay.stop()));
    await database.$disconnect();
    await testDatabase.drop();
  });

  function relayWith(options: Partial<RelayOptions> = {}): Relay {
    const add = (line: string) => void log.push(line);
    const relay = new Relay({
      database,
      publisher,
      logger: { warn: add, error: add },
      sweepEveryMs: 50,
      ...options,
    });
    relays.push(relay);
    return relay;
  }

  function messages(count: number): OutboxMessage[] {
    return Array.from({ length: count }, (_, index) => messageWith(String(index)));
  }

  const rows = () => database.outbox.count();
  const noRowsLeft = () => eventually(async () => (await rows()) === 0, { describe: 'an empty outbox' });

  it('publishes straight after the commit and deletes the rows once confirmed', async () => {
    const relay = relayWith();
    relay.start();
    const sent = messages(3);
    await insertOutbox(database, sent, relay.leaseMs);
    relay.publish(sent);
    await noRowsLeft();
    expect(publisher.seen).toEqual(sent);
  });

  it('hands over the ids of confirmed rows, once, and takes them back', async () => {
    const relay = relayWith();
    const sent = messages(2);
    relay.publish(sent);
    const ids = await eventually(() => {
      const taken = relay.takeConfirmed();
      return taken.length > 0 ? taken : undefined;
    });
    expect(ids).toEqual(sent.map(({ id }) => id));
    expect(relay.takeConfirmed()).toEqual([]);
    relay.giveBack(ids);
    expect(relay.takeConfirmed()).toEqual(ids);
  });

  it('sweeps what a crash left over, unchanged', async () => {
    const [left] = messages(1) as [OutboxMessage];
    const answer = { ...left, replyTo: 'orchestrator.replies' };
    const event = { ...messageWith('event', 'trip-booking.flight.succeeded'), topic: true } as const;
    await insertOutbox(database, [answer, event], 0);
    relayWith().start();
    await noRowsLeft();
    expect(publisher.seen).toEqual([answer, event]);
  });

  it("doesn't take what another relay has a lease on, until that is over", async () => {
    const [leased] = messages(1) as [OutboxMessage];
    await insertOutbox(database, [leased], 60_000);
    const relay = relayWith();
    relay.start();
    const [free] = messages(1) as [OutboxMessage];
    await insertOutbox(database, [free], 0);
    await eventually(() => publisher.timesSeen(free) === 1);
    expect(publisher.timesSeen(leased)).toBe(0);
    await database.$executeRawUnsafe("UPDATE outbox SET lease_until = now() - interval '1 s'");
    await eventually(() => publisher.timesSeen(leased) === 1);
  });

  it('goes through a backlog page by page without waiting for the next tick', async () => {
    const backlog = messages(25);
    await insertOutbox(database, backlog, 0);
    relayWith({ pageSize: 10, sweepEveryMs: 60_000 }).start();
    await eventually(() => publisher.seen.length === 25);
    expect(publisher.calls).toEqual([10, 10, 5]);
    expect(publisher.seen.map(({ id }) => id)).toEqual(backlog.map(({ id }) => id));
  });

  it('keeps what no queue takes, says so, and tries again after five seconds, not in a loop', async () => {
    publisher.fateOf = ({ destination }) => (destination === 'nowhere' ? 'returned' : 'confirmed');
    const stray = messageWith('stray', 'nowhere');
    await insertOutbox(database, [stray], 0);
    relayWith().start();
    // Later sweeps have worked meanwhile.
    for (const text of ['a', 'b', 'c']) {
      const other = messageWith(text);
      await insertOutbox(database, [other], 0);
      await eventually(() => publisher.timesSeen(other) === 1);
    }
    await eventually(async () => (await rows()) === 1);
    expect(publisher.timesSeen(stray)).toBe(1);
    expect(log.join()).toContain('nowhere');
    const [{ lease }] = await database.$queryRawUnsafe<[{ lease: number }]>(
      'SELECT extract(epoch FROM lease_until - now())::float8 AS lease FROM outbox',
    );
    expect(lease).toBeGreaterThan(3);
    expect(lease).toBeLessThanOrEqual(5);
    await database.$executeRawUnsafe('UPDATE outbox SET lease_until = now()');
    publisher.fateOf = () => 'confirmed';
    await noRowsLeft();
  });

  it('gives up its lease on what failed, so that it goes out as soon as the broker is back', async () => {
    const relay = relayWith({ leaseMs: 60_000 });
    relay.start();
    publisher.fateOf = () => 'failed';
    const sent = messages(3);
    await insertOutbox(database, sent, relay.leaseMs);
    relay.publish(sent);
    publisher.isReady = false;
    publisher.fateOf = () => 'confirmed';
    await eventually(async () => {
      const [{ free }] = await database.$queryRawUnsafe<[{ free: number }]>(
        'SELECT count(*)::int AS free FROM outbox WHERE lease_until <= now()',
      );
      return free === 3;
    });
    publisher.becomeReady();
    await noRowsLeft();
  });

  it("doesn't spin on a full page that fails", async () => {
    publisher.fateOf = () => 'failed';
    await insertOutbox(database, messages(10), 0);
    relayWith({ pageSize: 5, sweepEveryMs: 60_000 }).start();
    await eventually(() => publisher.calls.length === 1);
    await eventually(async () => (await claimOutbox(database, 10, 60_000)).length === 5);
    expect(publisher.calls).toEqual([5]);
  });

  it('claims nothing while the broker is away, inserts without a lease then, and sweeps at once on its return', async () => {
    publisher.isReady = false;
    const relay = relayWith({ sweepEveryMs: 60_000 });
    relay.start();
    expect(relay.leaseMs).toBe(0);
    const sent = messages(3);
    await insertOutbox(database, sent, relay.leaseMs);
    relay.publish(sent);
    expect(publisher.seen).toEqual([]);
    publisher.becomeReady();
    await eventually(() => publisher.seen.length === 3);
    expect(relay.leaseMs).toBe(10_000);
  });

  it('loses and doubles nothing when several relays share the table', async () => {
    const backlog = messages(400);
    await insertOutbox(database, backlog, 0);
    publisher.slowness = 5;
    for (let count = 0; count < 4; count += 1) relayWith({ pageSize: 20, leaseMs: 60_000 }).start();
    await noRowsLeft();
    expect(publisher.seen.map(({ id }) => id).sort()).toEqual(backlog.map(({ id }) => id).sort());
  });

  it('claims what no other relay is claiming, and does not wait for that one', async () => {
    await insertOutbox(database, messages(10), 0);
    const [slow, quick] = await database.$transaction(async (transaction) => {
      const slow = await claimOutbox(transaction, 6, 60_000);
      // Before the slow one commits: without SKIP LOCKED this waits until the transaction is ended by its timeout.
      return [slow, await claimOutbox(database, 6, 60_000)];
    });
    const ids = [...slow, ...quick].map(({ id }) => id);
    expect([slow.length, quick.length, new Set(ids).size]).toEqual([6, 4, 10]);
  });

  it('holds no lock while a publication takes long', async () => {
    publisher.slowness = 1_000;
    await insertOutbox(database, messages(1), 0);
    relayWith({ sweepEveryMs: 60_000 }).start();
    await eventually(() => publisher.seen.length === 1);
    await database.$executeRawUnsafe('SELECT 1 FROM outbox FOR UPDATE NOWAIT');
  });

  it('waits at its stop for the publications under way and leaves no row of theirs', async () => {
    publisher.slowness = 200;
    const relay = relayWith({ sweepEveryMs: 60_000 });
    const sent = messages(3);
    await insertOutbox(database, sent, relay.leaseMs);
    relay.publish(sent);
    await relay.stop();
    expect(await rows()).toBe(0);
  });

  it('outlives a database that fails, and deletes afterwards what was confirmed meanwhile', async () => {
    let isAway = true;
    let deletionsRefused = 0;
    const flaky: SqlDatabase = {
      $queryRawUnsafe: (sql, ...values) =>
        isAway ? Promise.reject(new Error('away')) : database.$queryRawUnsafe(sql, ...values),
      $executeRawUnsafe: (sql, ...values) => {
        if (!isAway) return database.$executeRawUnsafe(sql, ...values);
        if (sql.startsWith('DELETE')) deletionsRefused += 1;
        return Promise.reject(new Error('away'));
      },
      $transaction: () => Promise.reject(new Error('not used')),
    };
    const relay = relayWith({ database: flaky });
    relay.start();
    const sent = messages(3);
    await insertOutbox(database, sent, 60_000);
    relay.publish(sent);
    await eventually(() => deletionsRefused > 0);
    expect(log).toHaveLength(1);
    isAway = false;
    await noRowsLeft();
    expect(publisher.seen).toHaveLength(3);
  });
});
