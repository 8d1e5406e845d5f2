import { Controller } from '@nestjs/common';
import { CancelCar, CarCancelled } from '@clew/contracts';
import {
  CommandBatchHandler,
  Commands,
  Transaction,
  sqlArray,
  statementsOf,
  type BatchedCommand,
} from '@clew/participant';
import type { Prisma } from '../database/client/client.js';
import { daysOf, lockDays } from './rental-days.js';

interface Rental {
  readonly location: string;
  readonly carClass: string;
  readonly pickUp: string;
  readonly dropOff: string;
}

@Controller()
export class CancelCarHandler {
  /** Gives the car back, once: a reservation that is cancelled already, or was never made, changes nothing. */
  @CommandBatchHandler(CancelCar)
  async cancel(
    @Commands() commands: readonly BatchedCommand<CancelCar>[],
    @Transaction() transaction: Prisma.TransactionClient,
  ): Promise<CarCancelled[]> {
    const rentals = await cancelReservations(commands, transaction);
    if (rentals.length > 0) await giveBack(rentals, transaction);
    return commands.map(() => ({}));
  }
}

function cancelReservations(
  commands: readonly BatchedCommand<CancelCar>[],
  transaction: Prisma.TransactionClient,
): Promise<Rental[]> {
  return statementsOf(transaction).$queryRaw<Rental[]>`
    UPDATE reservation
    SET status = 'CANCELLED', cancelled_at = now()
    WHERE status = 'RESERVED' AND (saga_id, step) IN (
      SELECT * FROM unnest(
        ${sqlArray(commands.map(({ context }) => context.sagaId))}::uuid[],
        ${sqlArray(commands.map(({ context }) => context.step))}::text[]
      )
    )
    RETURNING location, car_class AS "carClass", to_char(pick_up, 'YYYY-MM-DD') AS "pickUp", to_char(drop_off, 'YYYY-MM-DD') AS "dropOff"`;
}

async function giveBack(rentals: readonly Rental[], transaction: Prisma.TransactionClient): Promise<void> {
  const freed = rentals.flatMap(daysOf);
  // Days are locked in one order here, too: a reservation and a cancellation must not wait in a circle.
  await lockDays(freed, transaction);
  await statementsOf(transaction).$executeRaw`
    UPDATE car_inventory AS inventory
    SET reserved = inventory.reserved - freed.cars
    FROM (
      SELECT location, car_class, day, count(*)::int AS cars
      FROM unnest(
        ${sqlArray(freed.map(({ location }) => location))}::text[],
        ${sqlArray(freed.map(({ carClass }) => carClass))}::text[],
        ${sqlArray(freed.map(({ day }) => day))}::date[]
      ) AS day (location, car_class, day)
      GROUP BY location, car_class, day
    ) AS freed
    WHERE inventory.location = freed.location AND inventory.car_class = freed.car_class AND inventory.day = freed.day`;
}
