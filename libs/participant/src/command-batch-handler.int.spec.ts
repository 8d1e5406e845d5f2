import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type CanActivate, Controller, type ExecutionContext, UseGuards } from '@nestjs/common';
import { Ctx } from '@nestjs/microservices';
import { CancelFlight, FlightCancelled, FlightReserved, ReserveFlight } from '@clew/contracts';
import type { Prisma } from '../../../apps/flights/src/database/client/client.js';
import {
  CommandBatchContext,
  CommandBatchHandler,
  CommandRejected,
  Commands,
  Transaction,
  type BatchedCommand,
} from './index.js';
import { AirlineIsDown, cancel, reserve } from './test-flights.fixture.js';
import { TestParticipants } from './test-participant.fixture.js';

type Reserving = readonly BatchedCommand<ReserveFlight>[];

/** Flight numbers of each call, in order. */
let calls: string[][] = [];
let guarded: number[] = [];
let behave: (flights: string[]) => Promise<unknown> | undefined;

class Counting implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    guarded.push(context.switchToRpc().getContext<CommandBatchContext>().commands.length);
    return true;
  }
}

@Controller()
class FlightsController {
  @UseGuards(Counting)
  @CommandBatchHandler(ReserveFlight, { transient: (error) => error instanceof AirlineIsDown })
  async reserve(
    @Commands() commands: Reserving,
    @Ctx() context: CommandBatchContext,
    @Transaction() transaction: Prisma.TransactionClient,
  ): Promise<(FlightReserved | CommandRejected)[]> {
    expect(context.commands).toEqual(commands.map((command) => command.context));
    const flights = commands.map(({ payload }) => {
      expect(payload).toBeInstanceOf(ReserveFlight);
      return payload.flightNumber;
    });
    calls.push(flights);
    await transaction.flightInventory.createMany({
      data: commands.map(({ payload, context: { sagaId } }) => ({
        flightNumber: `${payload.flightNumber} for ${sagaId}`,
        date: new Date(payload.date),
        capacity: 1,
      })),
    });
    const odd = await behave(flights);
    if (odd) return odd as FlightReserved[];
    return flights.map((flight) =>
      flight === 'FULL' ? new CommandRejected('FLIGHT_SOLD_OUT', 'Full') : { reservationId: flight },
    );
  }

  @CommandBatchHandler(CancelFlight)
  cancel(@Commands() commands: readonly BatchedCommand<CancelFlight>[]): FlightCancelled[] {
    return commands.map(() => ({}));
  }
}

/** What is sent with one call goes out in one pack, and so is in one batch. */
describe('a batch handler', () => {
  let participants: TestParticipants;
  beforeAll(async () => {
    participants = await TestParticipants.create();
  });
  beforeEach(async () => {
    calls = [];
    guarded = [];
    behave = () => undefined;
    await participants.start(FlightsController);
  });
  afterEach(() => participants.closeApps());
  afterAll(() => participants.stop());

  const reply = async (id: string | undefined) => (await participants.repliesTo(id))[0];
  /** What the handler wrote for a command, and is committed. */
  const written = async (id: string | undefined) =>
    (
      await participants.database.flightInventory.findMany({
        where: { flightNumber: { endsWith: id!.split('/')[0]! } },
      })
    ).length;

  it('gets what has arrived together, and each is answered for itself', async () => {
    const ids = await participants.send(reserve('A'), reserve('FULL'), reserve('B'));
    expect(await reply(ids[0])).toMatchObject({ outcome: 'done', body: { reservationId: 'A' } });
    expect(await reply(ids[1])).toMatchObject({ outcome: 'rejected', body: { code: 'FLIGHT_SOLD_OUT' } });
    expect(await reply(ids[2])).toMatchObject({ outcome: 'done', body: { reservationId: 'B' } });
    expect(calls).toEqual([['A', 'FULL', 'B']]);
    expect(guarded).toEqual([3]);
    await participants.settled();
  });

  it('answers a repetition with the stored reply, without being called', async () => {
    const sagaId = '0192f0c1-2b3c-7d4e-8f90-123456789abc';
    const [id] = await participants.send(reserve('A', sagaId));
    const [first] = await participants.repliesTo(id);
    await participants.send(reserve('A', sagaId));
    expect((await participants.repliesTo(id, 2))[1]).toEqual(first);
    expect(calls).toEqual([['A']]);
  });

  it('is called for undos as well, and not for one that has nothing to undo', async () => {
    const [id] = await participants.send(reserve('A'));
    await reply(id);
    const [undo, idle] = await participants.send(
      cancel(id!.split('/')[0]!),
      cancel('0192f0c1-2b3c-7d4e-8f90-0000000000aa'),
    );
    for (const each of [undo, idle]) expect(await reply(each)).toMatchObject({ outcome: 'done', body: {} });
  });

  it('never sees a command that is malformed, and its neighbours are handled', async () => {
    const ids = await participants.send(
      reserve('A'),
      { ...reserve('B'), payload: { seats: 'many' } },
      reserve('C'),
    );
    for (const id of [ids[0], ids[2]]) expect(await reply(id)).toMatchObject({ outcome: 'done' });
    const [parked, ...others] = await participants.parked(1);
    expect(others).toEqual([]);
    expect(parked!.reason).toContain('seats must be an integer');
    expect(calls.flat()).not.toContain('B');
  });

  it('that throws over one of many has each tried by itself: that one is parked, without a trace', async () => {
    behave = (flights) => {
      if (flights.includes('BUG')) throw new Error('The bug of this handler');
      return undefined;
    };
    const ids = await participants.send(reserve('A'), reserve('BUG'), reserve('B'));
    for (const id of [ids[0], ids[2]]) {
      expect(await reply(id)).toMatchObject({ outcome: 'done' });
      expect(await written(id)).toBe(1);
    }
    const [parked] = await participants.parked(1);
    expect(parked!.reason).toContain('The bug of this handler');
    expect(await written(ids[1])).toBe(0);
  });

  it('tries again what fails for a passing reason', async () => {
    let failures = 3;
    behave = () => {
      if (failures-- > 0) throw new AirlineIsDown();
      return undefined;
    };
    const [id] = await participants.send(reserve('A'));
    expect(await reply(id)).toMatchObject({ outcome: 'done' });
    expect(await written(id)).toBe(1);
  });

  it.each([
    ['answers too few', () => Promise.resolve([])],
    ['answers no list', () => Promise.resolve({ reservationId: 'A' })],
    ['answers with a text', () => Promise.resolve(['A'])],
    [
      'throws a rejection',
      () => {
        throw new CommandRejected('FLIGHT_SOLD_OUT', 'Full');
      },
    ],
  ])('that %s is a bug, which parks the command', async (_what, odd) => {
    behave = odd;
    const [id] = await participants.send(reserve('A'));
    expect((await participants.parked(1))[0]!.reason).toMatch(/batch handler|reply as an object/);
    expect(await written(id)).toBe(0);
  });
});
