import { Controller } from '@nestjs/common';
import { CancelHotel, HotelCancelled } from '@clew/contracts';
import {
  CommandBatchHandler,
  Commands,
  Transaction,
  sqlArray,
  statementsOf,
  type BatchedCommand,
} from '@clew/participant';
import type { Prisma } from '../database/client/client.js';
import { lockNights, nightsOf } from './nights.js';

interface Stay {
  readonly hotelId: string;
  readonly checkIn: string;
  readonly checkOut: string;
  readonly rooms: number;
}

@Controller()
export class CancelHotelHandler {
  /** Gives the rooms back, once: a reservation that is cancelled already, or was never made, changes nothing. */
  @CommandBatchHandler(CancelHotel)
  async cancel(
    @Commands() commands: readonly BatchedCommand<CancelHotel>[],
    @Transaction() transaction: Prisma.TransactionClient,
  ): Promise<HotelCancelled[]> {
    const stays = await cancelReservations(commands, transaction);
    if (stays.length > 0) await giveBack(stays, transaction);
    return commands.map(() => ({}));
  }
}

function cancelReservations(
  commands: readonly BatchedCommand<CancelHotel>[],
  transaction: Prisma.TransactionClient,
): Promise<Stay[]> {
  return statementsOf(transaction).$queryRaw<Stay[]>`
    UPDATE reservation
    SET status = 'CANCELLED', cancelled_at = now()
    WHERE status = 'RESERVED' AND (saga_id, step) IN (
      SELECT * FROM unnest(
        ${sqlArray(commands.map(({ context }) => context.sagaId))}::uuid[],
        ${sqlArray(commands.map(({ context }) => context.step))}::text[]
      )
    )
    RETURNING hotel_id AS "hotelId", to_char(check_in, 'YYYY-MM-DD') AS "checkIn", to_char(check_out, 'YYYY-MM-DD') AS "checkOut", rooms`;
}

async function giveBack(stays: readonly Stay[], transaction: Prisma.TransactionClient): Promise<void> {
  const freed = stays.flatMap((stay) => nightsOf(stay).map((night) => ({ ...night, rooms: stay.rooms })));
  // Nights are locked in one order here, too: a reservation and a cancellation must not wait in a circle.
  await lockNights(freed, transaction);
  await statementsOf(transaction).$executeRaw`
    UPDATE hotel_inventory AS inventory
    SET reserved = inventory.reserved - freed.rooms
    FROM (
      SELECT hotel_id, night, sum(rooms)::int AS rooms
      FROM unnest(
        ${sqlArray(freed.map(({ hotelId }) => hotelId))}::text[],
        ${sqlArray(freed.map(({ night }) => night))}::date[],
        ${sqlArray(freed.map(({ rooms }) => rooms))}::int[]
      ) AS night (hotel_id, night, rooms)
      GROUP BY hotel_id, night
    ) AS freed
    WHERE inventory.hotel_id = freed.hotel_id AND inventory.night = freed.night`;
}
