import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@clew/testing';
import { CANCELLED_BEFORE } from './index.js';
import {
  addFlight,
  behaviour,
  cancel,
  FlightsController,
  reserve,
  reservedSeats,
  resetBehaviour,
} from './test-flights.fixture.js';
import { Gate, TestParticipants } from './test-participant.fixture.js';

describe('the fence', () => {
  let participants: TestParticipants;
  const sagaId = randomUUID();

  beforeEach(async () => {
    resetBehaviour();
    participants = await TestParticipants.create();
    await addFlight(participants.database, 'CL100', 180);
    await addFlight(participants.database, 'CL404', 0);
  });

  afterEach(() => participants.stop());

  const seats = () => reservedSeats(participants.database, 'CL100');
  const statusOf = async () =>
    (await participants.database.reservation.findFirst({ where: { sagaId } }))?.status;

  it('handles a command, answers it, and leaves nothing in queue or outbox', async () => {
    await participants.start(FlightsController);
    const [id] = await participants.send(reserve('CL100', sagaId, 2));
    const [reply] = await participants.repliesTo(id);
    const reservation = await participants.database.reservation.findFirstOrThrow();
    expect(reply).toMatchObject({ outcome: 'done', sagaId, body: { reservationId: reservation.id } });
    expect(await seats()).toBe(2);
    await participants.settled();
  });

  it('answers a duplicate with the stored reply, and nothing happens twice', async () => {
    await participants.start(FlightsController);
    const [id] = await participants.send(reserve('CL100', sagaId));
    const [first] = await participants.repliesTo(id);
    await participants.send(reserve('CL100', sagaId));
    const [, second] = await participants.repliesTo(id, 2);
    expect(second).toEqual(first);
    expect(await seats()).toBe(1);
    expect(behaviour.calls).toEqual([id]);
    await participants.settled();
  });

  it('answers a repeated rejection as before, even if there are seats meanwhile', async () => {
    await participants.start(FlightsController);
    const [id] = await participants.send(reserve('CL404', sagaId));
    const [first] = await participants.repliesTo(id);
    expect(first).toMatchObject({ outcome: 'rejected', body: { code: 'FLIGHT_SOLD_OUT' } });
    await participants.database.flightInventory.updateMany({ data: { capacity: 5 } });
    await participants.send(reserve('CL404', sagaId));
    const [, second] = await participants.repliesTo(id, 2);
    expect(second).toEqual(first);
    expect(behaviour.calls).toEqual([id]);
  });

  it('rolls back what a rejecting handler wrote, and only that', async () => {
    await participants.start(FlightsController);
    const ids = await participants.send(reserve('CL100'), reserve('CL404', sagaId), reserve('CL100'));
    for (const id of ids) await participants.repliesTo(id);
    expect(await participants.database.reservation.count()).toBe(2);
    expect(await statusOf()).toBeUndefined();
    expect(await seats()).toBe(2);
  });

  it('undoes what was done, once', async () => {
    await participants.start(FlightsController);
    const [id] = await participants.send(reserve('CL100', sagaId));
    await participants.repliesTo(id);
    const [undo] = await participants.send(cancel(sagaId), cancel(sagaId));
    await participants.repliesTo(undo);
    await participants.send(cancel(sagaId));
    expect((await participants.repliesTo(undo, 2))[1]).toMatchObject({ outcome: 'done', body: {} });
    expect(await statusOf()).toBe('CANCELLED');
    expect(await seats()).toBe(0);
    expect(behaviour.calls).toEqual([id, undo]);
  });

  it('has nothing to undo if the cancel comes first, and refuses the action for good', async () => {
    await participants.start(FlightsController);
    const [undo] = await participants.send(cancel(sagaId));
    expect((await participants.repliesTo(undo))[0]).toMatchObject({ outcome: 'done', body: {} });
    const [id] = await participants.send(reserve('CL100', sagaId));
    await participants.repliesTo(id);
    await participants.send(reserve('CL100', sagaId));
    for (const reply of await participants.repliesTo(id, 2)) {
      expect(reply).toMatchObject({ outcome: 'rejected', body: { code: CANCELLED_BEFORE } });
    }
    expect(behaviour.calls).toEqual([]);
    expect(await statusOf()).toBeUndefined();
    expect(await seats()).toBe(0);
    await participants.settled();
  });

  it('has nothing to undo if the action was refused', async () => {
    await participants.start(FlightsController);
    const [id] = await participants.send(reserve('CL404', sagaId));
    await participants.repliesTo(id);
    const [undo] = await participants.send(cancel(sagaId));
    expect((await participants.repliesTo(undo))[0]).toMatchObject({ outcome: 'done', body: {} });
    expect(behaviour.calls).toEqual([id]);
  });

  it('waits with a cancel for the action that another process is running, and undoes it then', async () => {
    const running = new Gate();
    const goOn = new Gate();
    behaviour.reserving = async () => {
      running.open();
      await goOn.opened;
    };
    await participants.start(FlightsController, { prefetch: 1 });
    await participants.start(FlightsController, { prefetch: 1 });
    const [id] = await participants.send(reserve('CL100', sagaId));
    await running.opened;
    const [undo] = await participants.send(cancel(sagaId));
    await eventually(async () => {
      const [{ waiting }] = await participants.database.$queryRawUnsafe<[{ waiting: number }]>(
        `SELECT count(*)::int AS waiting FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'INSERT INTO fence%'`,
      );
      return waiting === 1;
    });
    expect(participants.replies).toEqual([]);
    goOn.open();
    expect((await participants.repliesTo(id))[0]).toMatchObject({ outcome: 'done' });
    expect((await participants.repliesTo(undo))[0]).toMatchObject({ outcome: 'done' });
    expect(await statusOf()).toBe('CANCELLED');
    expect(await seats()).toBe(0);
    expect(behaviour.calls).toEqual([id, undo]);
  });

  it('handles an action and its cancel in one batch one after the other', async () => {
    const [id] = await participants.send(reserve('CL100', sagaId));
    const [undo] = await participants.send(cancel(sagaId));
    await participants.start(FlightsController);
    expect((await participants.repliesTo(id))[0]).toMatchObject({ outcome: 'done' });
    expect((await participants.repliesTo(undo))[0]).toMatchObject({ outcome: 'done' });
    expect(await statusOf()).toBe('CANCELLED');
    expect(await seats()).toBe(0);
  });

  it('lets one of two processes act that get the same commands at once', async () => {
    const sagas = Array.from({ length: 40 }, () => randomUUID());
    const commands = sagas.map((saga) => reserve('CL100', saga));
    await Promise.all([participants.start(FlightsController), participants.start(FlightsController)]);
    // Adjacent copies go to different consumers, as the broker serves them in turn.
    const ids = await participants.send(...commands.flatMap((command) => [command, command]));
    for (const id of new Set(ids)) {
      const [first, ...others] = await participants.repliesTo(id);
      for (const other of others) expect(other).toEqual(first);
    }
    await participants.settled();
    expect(await seats()).toBe(40);
    expect(behaviour.calls.length).toBe(40);
    expect(new Set(behaviour.calls)).toEqual(new Set(ids));
  });
});
