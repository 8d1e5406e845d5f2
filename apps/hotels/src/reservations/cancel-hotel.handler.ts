import { Controller } from '@nestjs/common';
import { CancelHotel, HotelCancelled } from '@clew/contracts';
import { CommandBatchHandler, Commands, Transaction, type BatchedCommand } from '@clew/participant';
import type { Prisma } from '../database/client/client.js';

@Controller()
export class CancelHotelHandler {
  /** Gives the rooms back, once: a reservation that is cancelled already, or was never made, changes nothing. */
  @CommandBatchHandler(CancelHotel)
  async cancel(
    @Commands() commands: readonly BatchedCommand<CancelHotel>[],
    @Transaction() transaction: Prisma.TransactionClient,
  ): Promise<HotelCancelled[]> {
    // Nights are locked in one order here, too: a reservation and a cancellation must not wait in a circle. The UPDATE
    // subtracts from what the lock has read: its own view of the night is as old as the statement.
    await transaction.$executeRaw`
      WITH cancelled AS (
        UPDATE reservation
        SET status = 'CANCELLED', cancelled_at = now()
        WHERE status = 'RESERVED' AND (saga_id, step) IN (
          SELECT * FROM unnest(
            ${commands.map(({ context }) => context.sagaId)}::uuid[],
            ${commands.map(({ context }) => context.step)}::text[]
          )
        )
        RETURNING hotel_id, check_in, check_out, rooms
      ),
      freed AS (
        SELECT hotel_id, check_in + day AS night, sum(rooms)::int AS rooms
        FROM cancelled, generate_series(0, check_out - check_in - 1) AS day
        GROUP BY hotel_id, check_in + day
      ),
      stay AS (
        SELECT inventory.hotel_id, inventory.night, inventory.reserved - freed.rooms AS reserved
        FROM hotel_inventory AS inventory
        JOIN freed ON inventory.hotel_id = freed.hotel_id AND inventory.night = freed.night
        ORDER BY inventory.hotel_id, inventory.night
        FOR NO KEY UPDATE OF inventory
      )
      UPDATE hotel_inventory AS inventory
      SET reserved = stay.reserved
      FROM stay
      WHERE inventory.hotel_id = stay.hotel_id AND inventory.night = stay.night`;
    return commands.map(() => ({}));
  }
}
