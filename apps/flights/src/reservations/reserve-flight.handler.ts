import { Controller } from '@nestjs/common';
import { FlightReserved, RejectionCode, ReserveFlight } from '@clew/contracts';
import {
  CommandBatchHandler,
  CommandRejected,
  Commands,
  Transaction,
  sqlArray,
  statementsOf,
  type BatchedCommand,
} from '@clew/participant';
import { Stock, type StockRow, type Taking } from '@clew/stock';
import { newId } from '@clew/ids';
import type { Prisma } from '../database/client/client.js';

type Reservation = BatchedCommand<ReserveFlight> & { readonly id: string };

@Controller()
export class ReserveFlightHandler {
  /** Each in its turn gets the seats that it wants, if those before it have left so many. */
  @CommandBatchHandler(ReserveFlight)
  async reserve(
    @Commands() commands: readonly BatchedCommand<ReserveFlight>[],
    @Transaction() transaction: Prisma.TransactionClient,
  ): Promise<(FlightReserved | CommandRejected)[]> {
    const stock = new Stock(await lockFlights(commands, transaction));
    const reservations: Reservation[] = [];
    const answers = commands.map((command) => {
      const taking = stock.take([keyOf(command.payload)], command.payload.seats);
      if (taking !== 'taken') return refusal(command.payload, taking);
      const reservation = { ...command, id: newId() };
      reservations.push(reservation);
      return { reservationId: reservation.id };
    });
    if (reservations.length > 0) await makeReservations(reservations, transaction);
    return answers;
  }
}

/** Waits for whoever is changing a flight and reads what they left. All lock in one order, so that nobody waits in a circle. */
function lockFlights(
  commands: readonly BatchedCommand<ReserveFlight>[],
  transaction: Prisma.TransactionClient,
): Promise<StockRow[]> {
  return statementsOf(transaction).$queryRaw<StockRow[]>`
    SELECT flight_number || ' ' || to_char(date, 'YYYY-MM-DD') AS key, capacity, reserved
    FROM flight_inventory
    WHERE (flight_number, date) IN (
      SELECT * FROM unnest(
        ${sqlArray(commands.map(({ payload }) => payload.flightNumber))}::text[],
        ${sqlArray(commands.map(({ payload }) => payload.date))}::date[]
      )
    )
    ORDER BY flight_number, date
    FOR NO KEY UPDATE`;
}

async function makeReservations(
  reservations: readonly Reservation[],
  transaction: Prisma.TransactionClient,
): Promise<void> {
  await statementsOf(transaction).$executeRaw`
    WITH made AS (
      INSERT INTO reservation (id, saga_id, step, flight_number, date, seats)
      SELECT * FROM unnest(
        ${sqlArray(reservations.map(({ id }) => id))}::uuid[],
        ${sqlArray(reservations.map(({ context }) => context.sagaId))}::uuid[],
        ${sqlArray(reservations.map(({ context }) => context.step))}::text[],
        ${sqlArray(reservations.map(({ payload }) => payload.flightNumber))}::text[],
        ${sqlArray(reservations.map(({ payload }) => payload.date))}::date[],
        ${sqlArray(reservations.map(({ payload }) => payload.seats))}::int[]
      )
      RETURNING flight_number, date, seats
    )
    UPDATE flight_inventory AS inventory
    SET reserved = inventory.reserved + taken.seats
    FROM (SELECT flight_number, date, sum(seats)::int AS seats FROM made GROUP BY flight_number, date) AS taken
    WHERE inventory.flight_number = taken.flight_number AND inventory.date = taken.date`;
}

function keyOf({ flightNumber, date }: ReserveFlight): string {
  return `${flightNumber} ${date}`;
}

function refusal(
  { flightNumber, date, seats }: ReserveFlight,
  taking: Exclude<Taking, 'taken'>,
): CommandRejected {
  if (taking === 'unknown')
    return new CommandRejected(
      RejectionCode.FLIGHT_UNKNOWN,
      `There is no flight ${flightNumber} on ${date}.`,
    );
  const wanted = seats === 1 ? 'no free seat' : `fewer than ${seats} free seats`;
  return new CommandRejected(
    RejectionCode.FLIGHT_SOLD_OUT,
    `Flight ${flightNumber} on ${date} has ${wanted}.`,
  );
}
