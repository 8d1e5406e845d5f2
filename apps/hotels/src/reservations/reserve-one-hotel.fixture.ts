import { Controller } from '@nestjs/common';
import { Ctx } from '@nestjs/microservices';
import { daysBetween, HotelReserved, RejectionCode, ReserveHotel } from '@clew/contracts';
import { Command, CommandContext, CommandHandler, CommandRejected, Transaction } from '@clew/participant';
import { newId } from '@clew/ids';
import type { Prisma } from '../database/client/client.js';

/** What one attempt to take rooms found. */
interface Attempt {
  readonly known: boolean;
  readonly taken: boolean;
}

@Controller()
export class ReserveOneHotelHandler {
  @CommandHandler(ReserveHotel)
  async reserve(
    @Command() command: ReserveHotel,
    @Ctx() { sagaId, step }: CommandContext,
    @Transaction() transaction: Prisma.TransactionClient,
  ): Promise<HotelReserved> {
    const { hotelId, checkIn, checkOut, rooms } = command;
    const nights = daysBetween(checkIn, checkOut);
    const reservationId = newId();
    // All or nothing. Locking waits for whoever is changing a night and then reads what they left, so that no night can
    // fill up between the check and the UPDATE; everyone locks in the order of dates, so that nobody waits in a circle.
    // The UPDATE adds to what the lock has read: its own view of the night is as old as the statement, and the CHECK would
    // judge that one.
    const [attempt] = await transaction.$queryRaw<[Attempt]>`
      WITH stay AS (
        SELECT hotel_id, night, reserved, reserved + ${rooms}::int <= capacity AS fits
        FROM hotel_inventory
        WHERE hotel_id = ${hotelId} AND night >= ${checkIn}::date AND night < ${checkOut}::date
        ORDER BY night
        FOR NO KEY UPDATE
      ),
      verdict AS (
        SELECT count(*) = ${nights}::int AS known, count(*) = ${nights}::int AND bool_and(fits) AS taken
        FROM stay
      ),
      taken AS (
        UPDATE hotel_inventory AS inventory
        SET reserved = stay.reserved + ${rooms}::int
        FROM stay, verdict
        WHERE verdict.taken AND inventory.hotel_id = stay.hotel_id AND inventory.night = stay.night
      ),
      made AS (
        INSERT INTO reservation (id, saga_id, step, hotel_id, check_in, check_out, rooms)
        SELECT ${reservationId}::uuid, ${sagaId}::uuid, ${step}, ${hotelId}, ${checkIn}::date, ${checkOut}::date,
          ${rooms}::int
        FROM verdict
        WHERE verdict.taken
      )
      SELECT known, taken FROM verdict`;
    if (!attempt.known) {
      throw new CommandRejected(
        RejectionCode.HOTEL_UNKNOWN,
        `There is no hotel ${hotelId} for all nights from ${checkIn} to ${checkOut}.`,
      );
    }
    if (!attempt.taken) {
      throw new CommandRejected(
        RejectionCode.HOTEL_SOLD_OUT,
        `Hotel ${hotelId} has ${rooms === 1 ? 'no free room' : `fewer than ${rooms} free rooms`} on some night from ${checkIn} to ${checkOut}.`,
      );
    }
    return { reservationId };
  }
}
