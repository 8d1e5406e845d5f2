import { Controller } from '@nestjs/common';
import { CancelFlight, FlightCancelled } from '@clew/contracts';
import {
  CommandBatchHandler,
  Commands,
  Transaction,
  sqlArray,
  statementsOf,
  type BatchedCommand,
} from '@clew/participant';
import type { Prisma } from '../database/client/client.js';

@Controller()
export class CancelFlightHandler {
  /** Gives the seats back, once: a reservation that is cancelled already, or was never made, changes nothing. */
  @CommandBatchHandler(CancelFlight)
  async cancel(
    @Commands() commands: readonly BatchedCommand<CancelFlight>[],
    @Transaction() transaction: Prisma.TransactionClient,
  ): Promise<FlightCancelled[]> {
    // Flights are locked in one order here, too: a reservation and a cancellation must not wait in a circle. The UPDATE
    // subtracts from what the lock has read: its own view of the flight is as old as the statement.
    await statementsOf(transaction).$executeRaw`
      WITH cancelled AS (
        UPDATE reservation
        SET status = 'CANCELLED', cancelled_at = now()
        WHERE status = 'RESERVED' AND (saga_id, step) IN (
          SELECT * FROM unnest(
            ${sqlArray(commands.map(({ context }) => context.sagaId))}::uuid[],
            ${sqlArray(commands.map(({ context }) => context.step))}::text[]
          )
        )
        RETURNING flight_number, date, seats
      ),
      flight AS (
        SELECT inventory.flight_number, inventory.date, inventory.reserved - freed.seats AS reserved
        FROM flight_inventory AS inventory
        JOIN (SELECT flight_number, date, sum(seats)::int AS seats FROM cancelled GROUP BY flight_number, date) AS freed
          ON inventory.flight_number = freed.flight_number AND inventory.date = freed.date
        ORDER BY inventory.flight_number, inventory.date
        FOR NO KEY UPDATE OF inventory
      )
      UPDATE flight_inventory AS inventory
      SET reserved = flight.reserved
      FROM flight
      WHERE inventory.flight_number = flight.flight_number AND inventory.date = flight.date`;
    return commands.map(() => ({}));
  }
}
