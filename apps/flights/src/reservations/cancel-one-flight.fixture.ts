import { Controller } from '@nestjs/common';
import { Ctx } from '@nestjs/microservices';
import { CancelFlight, FlightCancelled } from '@clew/contracts';
import { CommandContext, CommandHandler, Transaction } from '@clew/participant';
import type { Prisma } from '../database/client/client.js';

@Controller()
export class CancelOneFlightHandler {
  /** Gives the seats back, once: a reservation that is cancelled already, or was never made, changes nothing. */
  @CommandHandler(CancelFlight)
  async cancel(
    @Ctx() { sagaId, step }: CommandContext,
    @Transaction() transaction: Prisma.TransactionClient,
  ): Promise<FlightCancelled> {
    await transaction.$executeRaw`
      WITH cancelled AS (
        UPDATE reservation
        SET status = 'CANCELLED', cancelled_at = now()
        WHERE saga_id = ${sagaId}::uuid AND step = ${step} AND status = 'RESERVED'
        RETURNING flight_number, date, seats
      )
      UPDATE flight_inventory AS inventory
      SET reserved = inventory.reserved - cancelled.seats
      FROM cancelled
      WHERE inventory.flight_number = cancelled.flight_number AND inventory.date = cancelled.date`;
    return {};
  }
}
