import { Controller } from '@nestjs/common';
import { CarReserved, daysBetween, daysFrom, RejectionCode, ReserveCar } from '@clew/contracts';
import {
  CommandBatchHandler,
  CommandRejected,
  Commands,
  Transaction,
  type BatchedCommand,
} from '@clew/participant';
import { Stock, type StockRow, type Taking } from '@clew/stock';
import { newId } from '@clew/ids';
import type { Prisma } from '../database/client/client.js';

/** A command with the days of its rental, that of the return included. */
type Rental = BatchedCommand<ReserveCar> & { readonly days: readonly string[] };
type Reservation = Rental & { readonly id: string };

@Controller()
export class ReserveCarHandler {
  /** Each in its turn gets a car for all days, if those before it have left one. */
  @CommandBatchHandler(ReserveCar)
  async reserve(
    @Commands() commands: readonly BatchedCommand<ReserveCar>[],
    @Transaction() transaction: Prisma.TransactionClient,
  ): Promise<(CarReserved | CommandRejected)[]> {
    const rentals = commands.map((command): Rental => {
      const { pickUp, dropOff } = command.payload;
      return { ...command, days: daysFrom(pickUp, daysBetween(pickUp, dropOff) + 1) };
    });
    const stock = new Stock(await lockDays(rentals, transaction));
    const reservations: Reservation[] = [];
    const answers = rentals.map((rental) => {
      const { location, carClass } = rental.payload;
      const taking = stock.take(
        rental.days.map((day) => `${location} ${carClass} ${day}`),
        1,
      );
      if (taking !== 'taken') return refusal(rental.payload, taking);
      const reservation = { ...rental, id: newId() };
      reservations.push(reservation);
      return { reservationId: reservation.id };
    });
    if (reservations.length > 0) await makeReservations(reservations, transaction);
    return answers;
  }
}

/** Waits for whoever is changing a day and reads what they left. All lock in one order, so that nobody waits in a circle. */
function lockDays(rentals: readonly Rental[], transaction: Prisma.TransactionClient): Promise<StockRow[]> {
  const days = rentals.flatMap(({ payload, days }) => days.map((day) => ({ ...payload, day })));
  return transaction.$queryRaw<StockRow[]>`
    SELECT location || ' ' || car_class || ' ' || to_char(day, 'YYYY-MM-DD') AS key, capacity, reserved
    FROM car_inventory
    WHERE (location, car_class, day) IN (
      SELECT * FROM unnest(
        ${days.map(({ location }) => location)}::text[],
        ${days.map(({ carClass }) => carClass)}::text[],
        ${days.map(({ day }) => day)}::date[]
      )
    )
    ORDER BY location, car_class, day
    FOR NO KEY UPDATE`;
}

async function makeReservations(
  reservations: readonly Reservation[],
  transaction: Prisma.TransactionClient,
): Promise<void> {
  await transaction.$executeRaw`
    WITH made AS (
      INSERT INTO reservation (id, saga_id, step, location, car_class, pick_up, drop_off)
      SELECT * FROM unnest(
        ${reservations.map(({ id }) => id)}::uuid[],
        ${reservations.map(({ context }) => context.sagaId)}::uuid[],
        ${reservations.map(({ context }) => context.step)}::text[],
        ${reservations.map(({ payload }) => payload.location)}::text[],
        ${reservations.map(({ payload }) => payload.carClass)}::text[],
        ${reservations.map(({ payload }) => payload.pickUp)}::date[],
        ${reservations.map(({ payload }) => payload.dropOff)}::date[]
      )
      RETURNING location, car_class, pick_up, drop_off
    )
    UPDATE car_inventory AS inventory
    SET reserved = inventory.reserved + taken.cars
    FROM (
      SELECT location, car_class, pick_up + offset_in_days AS day, count(*)::int AS cars
      FROM made, generate_series(0, drop_off - pick_up) AS offset_in_days
      GROUP BY location, car_class, pick_up + offset_in_days
    ) AS taken
    WHERE inventory.location = taken.location AND inventory.car_class = taken.car_class AND inventory.day = taken.day`;
}

function refusal(
  { location, carClass, pickUp, dropOff }: ReserveCar,
  taking: Exclude<Taking, 'taken'>,
): CommandRejected {
  if (taking === 'unknown')
    return new CommandRejected(
      RejectionCode.CAR_UNKNOWN,
      `There is no car of class ${carClass} at ${location} for all days from ${pickUp} to ${dropOff}.`,
    );
  return new CommandRejected(
    RejectionCode.CAR_SOLD_OUT,
    `No car of class ${carClass} is free at ${location} on some day from ${pickUp} to ${dropOff}.`,
  );
}
