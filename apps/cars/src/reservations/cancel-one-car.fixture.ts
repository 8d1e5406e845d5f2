import { Controller } from '@nestjs/common';
import { Ctx } from '@nestjs/microservices';
import { CancelCar, CarCancelled } from '@clew/contracts';
import { CommandContext, CommandHandler, Transaction } from '@clew/participant';
import type { Prisma } from '../database/client/client.js';

@Controller()
export class CancelOneCarHandler {
  /** Gives the car back, once: a reservation that is cancelled already, or was never made, changes nothing. */
  @CommandHandler(CancelCar)
  async cancel(
    @Ctx() { sagaId, step }: CommandContext,
    @Transaction() transaction: Prisma.TransactionClient,
  ): Promise<CarCancelled> {
    // Days are locked in the order of dates here too: a reservation and a cancellation must not wait in a circle.
    await transaction.$executeRaw`
      WITH cancelled AS (
        UPDATE reservation
        SET status = 'CANCELLED', cancelled_at = now()
        WHERE saga_id = ${sagaId}::uuid AND step = ${step} AND status = 'RESERVED'
        RETURNING location, car_class, pick_up, drop_off
      ),
      rental AS (
        SELECT inventory.location, inventory.car_class, inventory.day, inventory.reserved
        FROM car_inventory AS inventory
        JOIN cancelled ON inventory.location = cancelled.location AND inventory.car_class = cancelled.car_class
          AND inventory.day >= cancelled.pick_up AND inventory.day <= cancelled.drop_off
        ORDER BY inventory.day
        FOR NO KEY UPDATE OF inventory
      )
      UPDATE car_inventory AS inventory
      SET reserved = rental.reserved - 1
      FROM rental
      WHERE inventory.location = rental.location
        AND inventory.car_class = rental.car_class AND inventory.day = rental.day`;
    return {};
  }
}
