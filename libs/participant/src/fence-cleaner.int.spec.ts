import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { readForget } from '@clew/envelope';
import { queueOf } from '@clew/rabbitmq';
import { eventually } from '@clew/testing';
import { CANCELLED_BEFORE, CommandServer } from './index.js';
import {
  addFlight,
  behaviour,
  cancel,
  FlightsController,
  reserve,
  reservedSeats,
  resetBehaviour,
} from './test-flights.fixture.js';
import { TestParticipants } from './test-participant.fixture.js';

jest.setTimeout(30_000);

/** For a transaction in which the spec waits. */
const PATIENT = { timeout: 20_000 };

describe('a participant that may forget sagas', () => {
  let participants: TestParticipants;
  const [sagaId, otherId] = [randomUUID(), randomUUID()];

  beforeEach(async () => {
    resetBehaviour();
    participants = await TestParticipants.create();
    await addFlight(participants.database, 'CL100', 180);
  });

  afterEach(() => participants.stop());

  const seats = () => reservedSeats(participants.database, 'CL100');
  const fenceRows = (id: string) => participants.database.fence.count({ where: { sagaId: id } });
  const untilForgotten = (id = sagaId) =>
    eventually(async () => (await fenceRows(id)) === 0, { describe: `the end of the rows of ${id}` });
  const letRowsAge = (age: string) =>
    participants.database.$executeRawUnsafe(`UPDATE fence SET created_at = now() - interval '${age}'`);

  /** Sessions that wait for a lock. */
  async function waiting(): Promise<number[]> {
    const rows = await participants.database.$queryRawUnsafe<{ pid: number }[]>(
      `SELECT pid FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'DELETE FROM fence%'`,
    );
    return rows.map(({ pid }) => pid);
  }

  async function reserveForBoth(): Promise<void> {
    await participants.start(FlightsController);
    const ids = await participants.send(reserve('CL100', sagaId), reserve('CL100', otherId));
    for (const id of ids) await participants.repliesTo(id);
  }

  it('deletes all their rows of the fence, and nothing else', async () => {
    await reserveForBoth();
    const [undo] = await participants.send(cancel(sagaId));
    await participants.repliesTo(undo);
    expect(await fenceRows(sagaId)).toBe(2);
    await participants.forget(sagaId, randomUUID());
    await untilForgotten();
    await participants.forget(sagaId);
    expect(await fenceRows(otherId)).toBe(1);
    expect(await participants.database.reservation.count()).toBe(2);
    await participants.settled();
    expect(await participants.database.fence.count()).toBe(1);
  });

  it('forgets none for its age: an undo that comes a year later finds what it has to undo', async () => {
    await reserveForBoth();
    await letRowsAge('1 year');
    await participants.forget(otherId);
    await untilForgotten(otherId);
    const undo = participants.redrive(cancel(sagaId), 24 * 300);
    expect((await participants.repliesTo(undo))[0]).toMatchObject({ outcome: 'done' });
    expect(await seats()).toBe(1);
    expect(behaviour.calls).toContain(undo);
  });

  it('refuses an action whose tombstone is old, as long as it has not been told to forget', async () => {
    await participants.start(FlightsController);
    const [undo] = await participants.send(cancel(sagaId));
    await participants.repliesTo(undo);
    await letRowsAge('29 days');
    const id = participants.redrive(reserve('CL100', sagaId), 23);
    expect((await participants.repliesTo(id))[0]).toMatchObject({
      outcome: 'rejected',
      body: { code: CANCELLED_BEFORE },
    });
    expect(behaviour.calls).toEqual([]);
    expect(await seats()).toBe(0);
  });

  it('parks an action that is redriven when nobody knows its tombstone any more', async () => {
    await participants.start(FlightsController);
    const [undo] = await participants.send(cancel(sagaId));
    await participants.repliesTo(undo);
    await participants.forget(sagaId);
    await untilForgotten();
    const id = participants.redrive(reserve('CL100', sagaId), 25);
    expect((await participants.parked(1))[0]).toMatchObject({
      messageId: id,
      reason: 'It was sent more than 24 hours ago: its saga may be over and forgotten',
    });
    expect(behaviour.calls).toEqual([]);
    expect(await seats()).toBe(0);
    expect(await fenceRows(sagaId)).toBe(0);
    await participants.settled();
  });

  it('parks an action that grew too old in its hands', async () => {
    const error = Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
    behaviour.reserving = () => Promise.reject(error);
    await participants.start(FlightsController);
    const id = participants.redrive(reserve('CL100', sagaId), 24 - 3 / 3_600);
    expect((await participants.parked(1))[0]).toMatchObject({ messageId: id });
    expect(behaviour.calls.length).toBeGreaterThan(0);
    expect(await seats()).toBe(0);
  });

  it('parks what it cannot read, with the reason, and forgets nothing', async () => {
    await reserveForBoth();
    const sagas = [sagaId, 'all of them'];
    participants.sendRaw(JSON.stringify({ sagas }), { type: 'forget-sagas', messageId: 'forget' });
    expect((await participants.parked(1))[0]).toMatchObject({
      messageId: 'forget',
      reason: expect.stringContaining('sagas[1] is missing or not a UUID'),
    });
    expect(await fenceRows(sagaId)).toBe(1);
    await participants.settled();
  });

  it('deletes the rows of so many sagas with a statement and no more', async () => {
    const { database } = participants;
    await database.$executeRawUnsafe('CREATE TABLE counted (place serial, sagas int)');
    await database.$executeRawUnsafe(
      `CREATE FUNCTION count_deletion() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN INSERT INTO counted (sagas) SELECT count(DISTINCT saga_id) FROM gone; RETURN NULL; END $$`,
    );
    await database.$executeRawUnsafe(
      `CREATE TRIGGER count_deletion AFTER DELETE ON fence REFERENCING OLD TABLE AS gone
       FOR EACH STATEMENT EXECUTE FUNCTION count_deletion()`,
    );
    const sagas = Array.from({ length: 1_100 }, () => randomUUID());
    await database.$executeRawUnsafe(
      `INSERT INTO fence SELECT id, step, 'action', 0, 'done', '{}' FROM unnest($1::uuid[]) AS id, unnest('{a,b}'::text[]) AS step`,
      sagas,
    );
    await participants.forget(...sagas);
    await participants.start(FlightsController);
    await eventually(async () => (await database.fence.count()) === 0);
    expect(await database.$queryRawUnsafe('SELECT sagas FROM counted ORDER BY place')).toEqual([
      { sagas: 500 },
      { sagas: 500 },
      { sagas: 100 },
    ]);
  });

  it('keeps the message in hand when the database ends the connection, while commands go on', async () => {
    await reserveForBoth();
    await participants.database.$transaction(async (other) => {
      await other.$queryRawUnsafe('SELECT FROM fence WHERE saga_id = $1::uuid FOR UPDATE', sagaId);
      await participants.forget(sagaId);
      const [first] = await eventually(async () => {
        const pids = await waiting();
        return pids.length === 1 && pids;
      });
      await participants.database.$queryRawUnsafe('SELECT pg_terminate_backend($1::int)', first);
      await eventually(async () => (await waiting()).some((pid) => pid !== first));
      const [id] = await participants.send(reserve('CL100'));
      expect((await participants.repliesTo(id))[0]).toMatchObject({ outcome: 'done' });
      expect(await fenceRows(sagaId)).toBe(1);
    }, PATIENT);
    await untilForgotten();
    await participants.settled();
  });

  it('finishes the deletion it is at before it stops, and leaves the next one to others', async () => {
    const first = await participants.start(FlightsController);
    const ids = await participants.send(reserve('CL100', sagaId), reserve('CL100', otherId));
    for (const id of ids) await participants.repliesTo(id);
    let closed = false;
    let closing!: Promise<void>;
    await participants.database.$transaction(async (other) => {
      await other.$queryRawUnsafe('SELECT FROM fence WHERE saga_id = $1::uuid FOR UPDATE', sagaId);
      await participants.forget(sagaId);
      await participants.forget(otherId);
      await eventually(async () => (await waiting()).length === 1);
      closing = first.close().then(() => void (closed = true));
      await eventually(() => !first.app.get(CommandServer).ready);
      expect(closed).toBe(false);
    }, PATIENT);
    await closing;
    expect(await fenceRows(sagaId)).toBe(0);
    expect(await fenceRows(otherId)).toBe(1);
    const queue = queueOf(participants.topology, 'flights.commands');
    const left = await eventually(() => participants.channel.get(queue, { noAck: true }));
    expect(readForget(left)).toEqual([otherId]);
    expect(await participants.channel.get(queue)).toBe(false);
  });
});
