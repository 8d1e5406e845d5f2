import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@clew/testing';
import {
  addFlight,
  AirlineIsDown,
  behaviour,
  FlightsController,
  reserve,
  reservedSeats,
  resetBehaviour,
} from './test-flights.fixture.js';
import { TransientFault } from './transient-fault.js';
import { Gate, TestParticipants } from './test-participant.fixture.js';

describe('a participant in trouble', () => {
  let participants: TestParticipants;
  const sagaId = randomUUID();

  beforeEach(async () => {
    resetBehaviour();
    participants = await TestParticipants.create();
    await addFlight(participants.database, 'CL100', 180);
    await addFlight(participants.database, 'CL101', 180);
  });

  afterEach(() => participants.stop());

  const seats = (flightNumber = 'CL100') => reservedSeats(participants.database, flightNumber);
  const fenceRows = () => participants.database.fence.count();

  /** Fails only in the handling of the command of `sagaId`. */
  function whenReservingForSaga(fail: (typeof behaviour)['reserving']): void {
    behaviour.reserving = async (context, transaction, call) => {
      if (context.sagaId === sagaId) await fail(context, transaction, call);
    };
  }

  /** Sends the command of `sagaId` among others, all in one batch, and resolves when the others are answered. */
  async function sendAmongOthers(): Promise<string> {
    const commands = [reserve('CL100'), reserve('CL100', sagaId), reserve('CL100')];
    const [before, ours, after] = await participants.send(...commands);
    await participants.start(FlightsController);
    await participants.repliesTo(before);
    await participants.repliesTo(after);
    return ours!;
  }

  describe('with a bug in a handler', () => {
    it('parks the one command with the reason, leaves no trace of it, and handles the rest of the batch', async () => {
      whenReservingForSaga(() => Promise.reject(new TypeError('seats is not a function')));
      const id = await sendAmongOthers();
      const [letter] = await participants.parked(1);
      expect(letter).toMatchObject({ messageId: id, reason: 'TypeError: seats is not a function' });
      expect(await seats()).toBe(2);
      expect(await fenceRows()).toBe(2);
      await participants.settled();
      expect(participants.replies).toHaveLength(2);
    });

    it('handles the command when it is redriven after a repair', async () => {
      whenReservingForSaga((_context, _transaction, call) =>
        call === 1 ? Promise.reject(new Error('a bug')) : Promise.resolve(),
      );
      const id = await sendAmongOthers();
      await participants.parked(1);
      await participants.send(reserve('CL100', sagaId));
      expect((await participants.repliesTo(id))[0]).toMatchObject({ outcome: 'done' });
    });

    it('parks a command whose handler swallowed an error of the database', async () => {
      whenReservingForSaga(async (_context, transaction) => {
        await transaction.$executeRaw`SELECT 1 / 0`.catch(() => undefined);
      });
      const id = await sendAmongOthers();
      expect((await participants.parked(1))[0]).toMatchObject({ messageId: id });
      expect(await seats()).toBe(2);
    });

    it('parks a command that fails only at the commit', async () => {
      await participants.database.$executeRawUnsafe(
        `CREATE TABLE checked_late (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)`,
      );
      whenReservingForSaga(async (_context, transaction) => {
        await transaction.$executeRaw`INSERT INTO checked_late VALUES (1), (1)`;
      });
      const id = await sendAmongOthers();
      expect((await participants.parked(1))[0]).toMatchObject({ messageId: id });
      expect(await seats()).toBe(2);
    });
  });

  describe('with a transient fault', () => {
    it('tries again until it works, while other commands go on', async () => {
      const lastCall = 4;
      whenReservingForSaga((_context, _transaction, call) => {
        const error = Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
        return call < lastCall ? Promise.reject(error) : Promise.resolve();
      });
      const id = await sendAmongOthers();
      expect((await participants.repliesTo(id))[0]).toMatchObject({ outcome: 'done' });
      expect(behaviour.calls.filter((call) => call === id)).toHaveLength(lastCall);
      expect(await seats()).toBe(3);
      await participants.settled();
      expect(participants.replies).toHaveLength(3);
    });

    it.each([
      ['a TransientFault', new TransientFault('the airline is down')],
      ['what the handler names as such', new AirlineIsDown()],
    ])('takes %s for one: no reply, no dead letter, but another try', async (_, fault) => {
      whenReservingForSaga((_context, _transaction, call) =>
        call <= 3 ? Promise.reject(fault) : Promise.resolve(),
      );
      const id = await sendAmongOthers();
      expect((await participants.repliesTo(id))[0]).toMatchObject({ outcome: 'done' });
      expect(behaviour.calls.filter((called) => called === id)).toHaveLength(4);
      await participants.settled();
      expect(participants.replies).toHaveLength(3);
      expect(await seats()).toBe(3);
    });

    it('keeps the command in hand meanwhile and takes its time', async () => {
      const startedAt = performance.now();
      whenReservingForSaga(() => Promise.reject(Object.assign(new Error('away'), { code: 'ETIMEDOUT' })));
      const id = await sendAmongOthers();
      await eventually(() => behaviour.calls.filter((call) => call === id).length >= 6);
      // 50, 100, 200, 400 ms, of each at least a half
      expect(performance.now() - startedAt).toBeGreaterThan(375);
      resetBehaviour();
      await participants.repliesTo(id);
      expect(await seats()).toBe(3);
    });

    it('gets out of a deadlock between two processes', async () => {
      const [first, second] = [randomUUID(), randomUUID()];
      const gates = new Map<string, Gate>([
        [first, new Gate()],
        [second, new Gate()],
      ]);
      const crossTo = new Map<string, string>([
        [first, 'CL101'],
        [second, 'CL100'],
      ]);
      behaviour.reserving = async (context, transaction, call) => {
        if (call === 1) {
          gates.get(context.sagaId)!.open();
          await Promise.all([...gates.values()].map(({ opened }) => opened));
        }
        await transaction.flightInventory.updateMany({
          where: { flightNumber: crossTo.get(context.sagaId)! },
          data: { reserved: { increment: 1 } },
        });
      };
      await participants.start(FlightsController, { prefetch: 1 });
      await participants.start(FlightsController, { prefetch: 1 });
      // One by one: what is sent together goes to one of them.
      const ids = [
        ...(await participants.send(reserve('CL100', first))),
        ...(await participants.send(reserve('CL101', second))),
      ];
      for (const id of ids) expect((await participants.repliesTo(id))[0]).toMatchObject({ outcome: 'done' });
      expect(behaviour.calls).toHaveLength(3);
      expect(await seats('CL100')).toBe(2);
      expect(await seats('CL101')).toBe(2);
    });

    it('outlives connections that are killed under it', async () => {
      whenReservingForSaga(async (_context, _transaction, call) => {
        if (call > 1) return;
        await participants.database.$executeRawUnsafe(
          `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
           WHERE datname = current_database() AND pid <> pg_backend_pid()`,
        );
      });
      const id = await sendAmongOthers();
      expect((await participants.repliesTo(id))[0]).toMatchObject({ outcome: 'done' });
      expect(await seats()).toBe(3);
      await participants.settled();
    });

    it('waits for tables that are not there yet, and parks nothing', async () => {
      await participants.database.$executeRawUnsafe('ALTER TABLE fence RENAME TO fence_later');
      const [id] = await participants.send(reserve('CL100', sagaId));
      await participants.start(FlightsController);
      await participants.database.$executeRawUnsafe('ALTER TABLE fence_later RENAME TO fence');
      expect((await participants.repliesTo(id))[0]).toMatchObject({ outcome: 'done' });
    });
  });
});
