import { Controller } from '@nestjs/common';
import { Ctx } from '@nestjs/microservices';
import { FlightReserved, RejectionCode, ReserveFlight } from '@clew/contracts';
import { Command, CommandContext, CommandHandler, CommandRejected, Transaction } from '@clew/participant';
import { newId } from '@clew/ids';
import type { Prisma } from '../database/client/client.js';

/** What one attempt to take seats found. */
interface Attempt {
  readonly known: boolean;
  readonly taken: boolean;
}

@Controller()
export class ReserveOneFlightHandler {
  @CommandHandler(ReserveFlight)
  async reserve(
    @Command() command: ReserveFlight,
    @Ctx() { sagaId, step }: CommandContext,
    @Transaction() transaction: Prisma.TransactionClient,
  ): Promise<FlightReserved> {
    const { flightNumber, date, seats } = command;
    const reservationId = newId();
    // The UPDATE waits for whoever is changing the row and then checks the capacity against what they left.
    const [attempt] = await transaction.$queryRaw<[Attempt]>`
      WITH taken AS (
        UPDATE flight_inventory
        SET reserved = reserved + ${seats}::int
        WHERE flight_number = ${flightNumber} AND date = ${date}::date AND reserved + ${seats}::int <= capacity
        RETURNING flight_number, date
      ),
      made AS (
        INSERT INTO reservation (id, saga_id, step, flight_number, date, seats)
        SELECT ${reservationId}::uuid, ${sagaId}::uuid, ${step}, flight_number, date, ${seats}::int
        FROM taken
      )
      SELECT
        EXISTS (
          SELECT FROM flight_inventory WHERE flight_number = ${flightNumber} AND date = ${date}::date
        ) AS known,
        EXISTS (SELECT FROM taken) AS taken`;
    if (!attempt.known) {
      throw new CommandRejected(
        RejectionCode.FLIGHT_UNKNOWN,
        `There is no flight ${flightNumber} on ${date}.`,
      );
    }
    if (!attempt.taken) {
      throw new CommandRejected(
        RejectionCode.FLIGHT_SOLD_OUT,
        `Flight ${flightNumber} on ${date} has ${seats === 1 ? 'no free seat' : `fewer than ${seats} free seats`}.`,
      );
    }
    return { reservationId };
  }
}
