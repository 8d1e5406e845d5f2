import { randomUUID } from 'node:crypto';
import { Controller } from '@nestjs/common';
import { Ctx } from '@nestjs/microservices';
import { CancelFlight, FlightReserved, ReserveFlight } from '@clew/contracts';
import { Prisma, type PrismaClient } from '../../../apps/flights/src/database/client/client.js';
import { Command, CommandContext, CommandHandler, CommandRejected, Transaction } from './index.js';

const DATE = '2027-05-01';

/** Passing trouble that only the handler knows of. */
export class AirlineIsDown extends Error {}

/** Hooks of a spec into the handlers below. */
export const behaviour: {
  calls: string[];
  /** After the reservation was written, before the handler returns. */
  reserving: (context: CommandContext, transaction: Prisma.TransactionClient, call: number) => Promise<void>;
} = { calls: [], reserving: () => Promise.resolve() };

export function resetBehaviour(): void {
  behaviour.calls = [];
  behaviour.reserving = () => Promise.resolve();
}

/** Flights with real seats. */
@Controller()
export class FlightsController {
  @CommandHandler(ReserveFlight, { transient: (error) => error instanceof AirlineIsDown })
  async reserve(
    @Command() command: ReserveFlight,
    @Ctx() context: CommandContext,
    @Transaction() transaction: Prisma.TransactionClient,
  ): Promise<FlightReserved> {
    behaviour.calls.push(context.commandId);
    const call = behaviour.calls.filter((id) => id === context.commandId).length;
    const { flightNumber, seats } = command;
    const { sagaId, step } = context;
    const id = randomUUID();
    const date = new Date(command.date);
    await transaction.reservation.create({ data: { id, sagaId, step, flightNumber, date, seats } });
    // Written first and refused afterwards, so that a rejection has something to undo.
    const taken = await transaction.$executeRaw`
      UPDATE flight_inventory SET reserved = reserved + ${seats}
      WHERE flight_number = ${flightNumber} AND date = ${date} AND reserved + ${seats} <= capacity`;
    if (taken === 0) throw new CommandRejected('FLIGHT_SOLD_OUT', `${flightNumber} has no ${seats} seats`);
    await behaviour.reserving(context, transaction, call);
    return { reservationId: id };
  }

  @CommandHandler(CancelFlight)
  async cancel(
    @Ctx() { sagaId, step, commandId }: CommandContext,
    @Transaction() transaction: Prisma.TransactionClient,
  ): Promise<void> {
    behaviour.calls.push(commandId);
    const { flightNumber, date, seats } = await transaction.reservation.update({
      where: { sagaId_step: { sagaId, step }, status: 'RESERVED' },
      data: { status: 'CANCELLED' },
    });
    await transaction.flightInventory.update({
      where: { flightNumber_date: { flightNumber, date } },
      data: { reserved: { decrement: seats } },
    });
  }
}

export async function addFlight(
  database: PrismaClient,
  flightNumber: string,
  capacity: number,
): Promise<void> {
  await database.flightInventory.create({ data: { flightNumber, date: new Date(DATE), capacity } });
}

export async function reservedSeats(database: PrismaClient, flightNumber: string): Promise<number> {
  const where = { flightNumber_date: { flightNumber, date: new Date(DATE) } };
  return (await database.flightInventory.findUniqueOrThrow({ where })).reserved;
}

/** A command to reserve seats; what is said of its place in a saga is added by the spec. */
export function reserve(flightNumber: string, sagaId?: string, seats = 1) {
  return {
    type: ReserveFlight.type,
    payload: { flightNumber, date: DATE, seats },
    ...(sagaId && { sagaId }),
  };
}

export function cancel(sagaId: string, epoch = 0) {
  return { type: CancelFlight.type, payload: {}, sagaId, direction: 'compensation' as const, epoch };
}
