import { Controller } from '@nestjs/common';
import { Ctx } from '@nestjs/microservices';
import { CancelHotel, HotelCancelled } from '@clew/contracts';
import { CommandContext, CommandHandler, Transaction } from '@clew/participant';
import type { Prisma } from '../database/client/client.js';

@Controller()
export class CancelOneHotelHandler {
  /** Gives the rooms back, once: a reservation that is cancelled already, or was never made, changes nothing. */
  @CommandHandler(CancelHotel)
  async cancel(
    @Ctx() { sagaId, step }: CommandContext,
    @Transaction() transaction: Prisma.TransactionClient,
  ): Promise<HotelCancelled> {
    // Nights are locked in the order of dates here too: a reservation and a cancellation must not wait in a circle.
    await transaction.$executeRaw`
      WITH cancelled AS (
        UPDATE reservation
        SET status = 'CANCELLED', cancelled_at = now()
        WHERE saga_id = ${sagaId}::uuid AND step = ${step} AND status = 'RESERVED'
        RETURNING hotel_id, check_in, check_out, rooms
      ),
      stay AS (
        SELECT inventory.hotel_id, inventory.night, inventory.reserved, cancelled.rooms
        FROM hotel_inventory AS inventory
        JOIN cancelled ON inventory.hotel_id = cancelled.hotel_id
          AND inventory.night >= cancelled.check_in AND inventory.night < cancelled.check_out
        ORDER BY inventory.night
        FOR NO KEY UPDATE OF inventory
      )
      UPDATE hotel_inventory AS inventory
      SET reserved = stay.reserved - stay.rooms
      FROM stay
      WHERE inventory.hotel_id = stay.hotel_id AND inventory.night = stay.night`;
    return {};
  }
}
