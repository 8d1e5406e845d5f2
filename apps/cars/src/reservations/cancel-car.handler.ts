import { Controller } from '@nestjs/common';
import { CancelCar, CarCancelled } from '@clew/contracts';
import { CommandBatchHandler, Commands, Transaction, type BatchedCommand } from '@clew/participant';
import type { Prisma } from '../database/client/client.js';

@Controller()
export class CancelCarHandler {
  /** Gives the car back, once: a reservation that is cancelled already, or was never made, changes nothing. */
  @CommandBatchHandler(CancelCar)
  async cancel(
    @Commands() commands: readonly BatchedCommand<CancelCar>[],
    @Transaction() transaction: Prisma.TransactionClient,
  ): Promise<CarCancelled[]> {
    // Days are locked in one order here, too: a reservation and a cancellation must not wait in a circle. The UPDATE
    // subtracts from what the lock has read: its own view of the day is as old as the statement.
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
        RETURNING location, car_class, pick_up, drop_off
      ),
      freed AS (
        SELECT location, car_class, pick_up + offset_in_days AS day, count(*)::int AS cars
        FROM cancelled, generate_series(0, drop_off - pick_up) AS offset_in_days
        GROUP BY location, car_class, pick_up + offset_in_days
      ),
      rental AS (
        SELECT inventory.location, inventory.car_class, inventory.day, inventory.reserved - freed.cars AS reserved
        FROM car_inventory AS inventory
        JOIN freed ON inventory.location = freed.location AND inventory.car_class = freed.car_class
          AND inventory.day = freed.day
        ORDER BY inventory.location, inventory.car_class, inventory.day
        FOR NO KEY UPDATE OF inventory
      )
      UPDATE car_inventory AS inventory
      SET reserved = rental.reserved
      FROM rental
      WHERE inventory.location = rental.location
        AND inventory.car_class = rental.car_class AND inventory.day = rental.day`;
    return commands.map(() => ({}));
  }
}
