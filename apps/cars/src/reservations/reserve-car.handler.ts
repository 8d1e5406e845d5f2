import { Controller } from '@nestjs/common';
import { CarReserved, RejectionCode, ReserveCar } from '@clew/contracts';
import {
  CommandBatchHandler,
  CommandRejected,
  Commands,
  Transaction,
  sqlArray,
  statementsOf,
  type BatchedCommand,
} from '@clew/participant';
import { Stock, type Taking } from '@clew/stock';
import { newId } from '@clew/ids';
import type { Prisma } from '../database/client/client.js';
import { daysOf, keyOf, lockDays, type RentalDay } from './rental-days.js';

/** A command with the days of its rental, that of the return included. */
type Rental = BatchedCommand<ReserveCar> & { readonly days: readonly RentalDay[] };
type Reservation = Rental & { readonly id: string };

@Controller()
export class ReserveCarHandler {
  /** Each in its turn gets a car for all days, if those before it have left one. */
  @CommandBatchHandler(ReserveCar)
  async reserve(
    @Commands() commands: readonly BatchedCommand<ReserveCar>[],
    @Transaction() transaction: Prisma.TransactionClient,
  ): Promise<(CarReserved | CommandRejected)[]> {
    const rentals = commands.map((command): Rental => ({ ...command, days: daysOf(command.payload) }));
    const stock = new Stock(
      await lockDays(
        rentals.flatMap(({ days }) => days),
        transaction,
      ),
    );
    const reservations: Reservation[] = [];
    const answers = rentals.map((rental) => {
      const taking = stock.take(rental.days.map(keyOf), 1);
      if (taking !== 'taken') return refusal(rental.payload, taking);
      const reservation = { ...rental, id: newId() };
      reservations.push(reservation);
      return { reservationId: reservation.id };
    });
    if (reservations.length > 0) await makeReservations(reservations, transaction);
    return answers;
  }
}

async function makeReservations(
  reservations: readonly Reservation[],
  transaction: Prisma.TransactionClient,
): Promise<void> {
  // The days of all, one by one: how many there are is nothing that PostgreSQL could guess from when a rental begins and ends.
  const taken = reservations.flatMap(({ days }) => days);
  await statementsOf(transaction).$executeRaw`
    WITH made AS (
      INSERT INTO reservation (id, saga_id, step, location, car_class, pick_up, drop_off)
      SELECT * FROM unnest(
        ${sqlArray(reservations.map(({ id }) => id))}::uuid[],
        ${sqlArray(reservations.map(({ context }) => context.sagaId))}::uuid[],
        ${sqlArray(reservations.map(({ context }) => context.step))}::text[],
        ${sqlArray(reservations.map(({ payload }) => payload.location))}::text[],
        ${sqlArray(reservations.map(({ payload }) => payload.carClass))}::text[],
        ${sqlArray(reservations.map(({ payload }) => payload.pickUp))}::date[],
        ${sqlArray(reservations.map(({ payload }) => payload.dropOff))}::date[]
      )
    )
    UPDATE car_inventory AS inventory
    SET reserved = inventory.reserved + taken.cars
    FROM (
      SELECT location, car_class, day, count(*)::int AS cars
      FROM unnest(
        ${sqlArray(taken.map(({ location }) => location))}::text[],
        ${sqlArray(taken.map(({ carClass }) => carClass))}::text[],
        ${sqlArray(taken.map(({ day }) => day))}::date[]
      ) AS day (location, car_class, day)
      GROUP BY location, car_class, day
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
