import { Controller } from '@nestjs/common';
import { daysBetween, daysFrom, HotelReserved, RejectionCode, ReserveHotel } from '@clew/contracts';
import {
  CommandBatchHandler,
  CommandRejected,
  Commands,
  Transaction,
  type BatchedCommand,
} from '@clew/participant';
import { Stock, type StockRow, type Taking } from '@clew/stock';
import { newId } from '@clew/ids';
import type { Prisma } from '../database/client/client.js';

/** A command with the nights of its stay. */
type Stay = BatchedCommand<ReserveHotel> & { readonly nights: readonly string[] };
type Reservation = Stay & { readonly id: string };

@Controller()
export class ReserveHotelHandler {
  /** Each in its turn gets the rooms that it wants, for all nights, if those before it have left so many. */
  @CommandBatchHandler(ReserveHotel)
  async reserve(
    @Commands() commands: readonly BatchedCommand<ReserveHotel>[],
    @Transaction() transaction: Prisma.TransactionClient,
  ): Promise<(HotelReserved | CommandRejected)[]> {
    const stays = commands.map((command): Stay => {
      const { checkIn, checkOut } = command.payload;
      return { ...command, nights: daysFrom(checkIn, daysBetween(checkIn, checkOut)) };
    });
    const stock = new Stock(await lockNights(stays, transaction));
    const reservations: Reservation[] = [];
    const answers = stays.map((stay) => {
      const { hotelId, rooms } = stay.payload;
      const taking = stock.take(
        stay.nights.map((night) => `${hotelId} ${night}`),
        rooms,
      );
      if (taking !== 'taken') return refusal(stay.payload, taking);
      const reservation = { ...stay, id: newId() };
      reservations.push(reservation);
      return { reservationId: reservation.id };
    });
    if (reservations.length > 0) await makeReservations(reservations, transaction);
    return answers;
  }
}

/** Waits for whoever is changing a night and reads what they left. All lock in one order, so that nobody waits in a circle. */
function lockNights(stays: readonly Stay[], transaction: Prisma.TransactionClient): Promise<StockRow[]> {
  const nights = stays.flatMap(({ payload, nights }) => nights.map((night) => [payload.hotelId, night]));
  return transaction.$queryRaw<StockRow[]>`
    SELECT hotel_id || ' ' || to_char(night, 'YYYY-MM-DD') AS key, capacity, reserved
    FROM hotel_inventory
    WHERE (hotel_id, night) IN (
      SELECT * FROM unnest(${nights.map(([hotel]) => hotel)}::text[], ${nights.map(([, night]) => night)}::date[])
    )
    ORDER BY hotel_id, night
    FOR NO KEY UPDATE`;
}

async function makeReservations(
  reservations: readonly Reservation[],
  transaction: Prisma.TransactionClient,
): Promise<void> {
  await transaction.$executeRaw`
    WITH made AS (
      INSERT INTO reservation (id, saga_id, step, hotel_id, check_in, check_out, rooms)
      SELECT * FROM unnest(
        ${reservations.map(({ id }) => id)}::uuid[],
        ${reservations.map(({ context }) => context.sagaId)}::uuid[],
        ${reservations.map(({ context }) => context.step)}::text[],
        ${reservations.map(({ payload }) => payload.hotelId)}::text[],
        ${reservations.map(({ payload }) => payload.checkIn)}::date[],
        ${reservations.map(({ payload }) => payload.checkOut)}::date[],
        ${reservations.map(({ payload }) => payload.rooms)}::int[]
      )
      RETURNING hotel_id, check_in, check_out, rooms
    )
    UPDATE hotel_inventory AS inventory
    SET reserved = inventory.reserved + taken.rooms
    FROM (
      SELECT hotel_id, check_in + day AS night, sum(rooms)::int AS rooms
      FROM made, generate_series(0, check_out - check_in - 1) AS day
      GROUP BY hotel_id, check_in + day
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
