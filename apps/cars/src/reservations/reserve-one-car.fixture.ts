import { Controller } from '@nestjs/common';
import { Ctx } from '@nestjs/microservices';
import { CarReserved, daysBetween, RejectionCode, ReserveCar } from '@clew/contracts';
import { Command, CommandContext, CommandHandler, CommandRejected, Transaction } from '@clew/participant';
import { newId } from '@clew/ids';
import type { Prisma } from '../database/client/client.js';

/** What one attempt to take a car found. */
interface Attempt {
  readonly known: boolean;
  readonly taken: boolean;
}

@Controller()
export class ReserveOneCarHandler {
  @CommandHandler(ReserveCar)
  async reserve(
    @Command() command: ReserveCar,
    @Ctx() { sagaId, step }: CommandContext,
    @Transaction() transaction: Prisma.TransactionClient,
  ): Promise<CarReserved> {
    const { location, carClass, pickUp, dropOff } = command;
    // The day of the return is part of the rental.
    const days = daysBetween(pickUp, dropOff) + 1;
    const reservationId = newId();
    // All or nothing. Locking waits for whoever is changing a day and then reads what they left, so that no day can
    // fill up between the check and the UPDATE; everyone locks in the order of dates, so that nobody waits in a circle.
    // The UPDATE adds to what the lock has read: its own view of the day is as old as the statement, and the CHECK would
    // judge that one.
    const [attempt] = await transaction.$queryRaw<[Attempt]>`
      WITH rental AS (
        SELECT location, car_class, day, reserved, reserved + 1 <= capacity AS fits
        FROM car_inventory
        WHERE location = ${location} AND car_class = ${carClass}
          AND day >= ${pickUp}::date AND day <= ${dropOff}::date
        ORDER BY day
        FOR NO KEY UPDATE
      ),
      verdict AS (
        SELECT count(*) = ${days}::int AS known, count(*) = ${days}::int AND bool_and(fits) AS taken
        FROM rental
      ),
      taken AS (
        UPDATE car_inventory AS inventory
        SET reserved = rental.reserved + 1
        FROM rental, verdict
        WHERE verdict.taken AND inventory.location = rental.location
          AND inventory.car_class = rental.car_class AND inventory.day = rental.day
      ),
      made AS (
        INSERT INTO reservation (id, saga_id, step, location, car_class, pick_up, drop_off)
        SELECT ${reservationId}::uuid, ${sagaId}::uuid, ${step}, ${location}, ${carClass}, ${pickUp}::date,
          ${dropOff}::date
        FROM verdict
        WHERE verdict.taken
      )
      SELECT known, taken FROM verdict`;
    if (!attempt.known) {
      throw new CommandRejected(
        RejectionCode.CAR_UNKNOWN,
        `There is no car of class ${carClass} at ${location} for all days from ${pickUp} to ${dropOff}.`,
      );
    }
    if (!attempt.taken) {
      throw new CommandRejected(
        RejectionCode.CAR_SOLD_OUT,
        `No car of class ${carClass} is free at ${location} on some day from ${pickUp} to ${dropOff}.`,
      );
    }
    return { reservationId };
  }
}
