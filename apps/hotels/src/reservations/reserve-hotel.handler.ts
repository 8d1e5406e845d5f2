import { Controller } from '@nestjs/common';
import { HotelReserved, RejectionCode, ReserveHotel } from '@clew/contracts';
import {
  CommandBatchHandler,
  CommandRejected,
  Commands,
  Transaction,
  sqlArray,
  statementsOf,
  type BatchedCommand,
} from '@clew/participant';
import { Stock, type Taking } from '@clew/stock';
import { newId } from '@clew/ids';
import type { Prisma } from '../database/client/client.js';
import { keyOf, lockNights, nightsOf, type Night } from './nights.js';

/** A command with the nights of its stay. */
type Stay = BatchedCommand<ReserveHotel> & { readonly nights: readonly Night[] };
type Reservation = Stay & { readonly id: string };

@Controller()
export class ReserveHotelHandler {
  /** Each in its turn gets the rooms that it wants, for all nights, if those before it have left so many. */
  @CommandBatchHandler(ReserveHotel)
  async reserve(
    @Commands() commands: readonly BatchedCommand<ReserveHotel>[],
    @Transaction() transaction: Prisma.TransactionClient,
  ): Promise<(HotelReserved | CommandRejected)[]> {
    const stays = commands.map((command): Stay => ({ ...command, nights: nightsOf(command.payload) }));
    const stock = new Stock(
      await lockNights(
        stays.flatMap(({ nights }) => nights),
        transaction,
      ),
    );
    const reservations: Reservation[] = [];
    const answers = stays.map((stay) => {
      const taking = stock.take(stay.nights.map(keyOf), stay.payload.rooms);
      if (taking !== 'taken') return refusal(stay.payload, taking);
      const reservation = { ...stay, id: newId() };
      reservations.push(reservation);
      return { reservationId: reservation.id };
    });
    if (reservations.length > 0) await makeReservations(reservations, transaction);
    return answers;
  }
}

async function makeReservations(
  reservations: readonly Reservation[],
  transaction: Prisma.TransactionClient,
): Promise<void> {
  // The nights of all, one by one: how many there are is nothing that PostgreSQL could guess from when a stay begins and ends.
  const taken = reservations.flatMap(({ payload: { rooms }, nights }) =>
    nights.map((night) => ({ ...night, rooms })),
  );
  await statementsOf(transaction).$executeRaw`
    WITH made AS (
      INSERT INTO reservation (id, saga_id, step, hotel_id, check_in, check_out, rooms)
      SELECT * FROM unnest(
        ${sqlArray(reservations.map(({ id }) => id))}::uuid[],
        ${sqlArray(reservations.map(({ context }) => context.sagaId))}::uuid[],
        ${sqlArray(reservations.map(({ context }) => context.step))}::text[],
        ${sqlArray(reservations.map(({ payload }) => payload.hotelId))}::text[],
        ${sqlArray(reservations.map(({ payload }) => payload.checkIn))}::date[],
        ${sqlArray(reservations.map(({ payload }) => payload.checkOut))}::date[],
        ${sqlArray(reservations.map(({ payload }) => payload.rooms))}::int[]
      )
    )
    UPDATE hotel_inventory AS inventory
    SET reserved = inventory.reserved + taken.rooms
    FROM (
      SELECT hotel_id, night, sum(rooms)::int AS rooms
      FROM unnest(
        ${sqlArray(taken.map(({ hotelId }) => hotelId))}::text[],
        ${sqlArray(taken.map(({ night }) => night))}::date[],
        ${sqlArray(taken.map(({ rooms }) => rooms))}::int[]
      ) AS night (hotel_id, night, rooms)
      GROUP BY hotel_id, night
    ) AS taken
    WHERE inventory.hotel_id = taken.hotel_id AND inventory.night = taken.night`;
}

function refusal(
  { hotelId, checkIn, checkOut, rooms }: ReserveHotel,
  taking: Exclude<Taking, 'taken'>,
): CommandRejected {
  if (taking === 'unknown')
    return new CommandRejected(
      RejectionCode.HOTEL_UNKNOWN,
      `There is no hotel ${hotelId} for all nights from ${checkIn} to ${checkOut}.`,
    );
  const wanted = rooms === 1 ? 'no free room' : `fewer than ${rooms} free rooms`;
  return new CommandRejected(
    RejectionCode.HOTEL_SOLD_OUT,
    `Hotel ${hotelId} has ${wanted} on some night from ${checkIn} to ${checkOut}.`,
  );
}
