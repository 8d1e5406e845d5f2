import { daysBetween, daysFrom, type ReserveCar } from '@clew/contracts';
import { sqlArray, statementsOf } from '@clew/participant';
import type { StockRow } from '@clew/stock';
import type { Prisma } from '../database/client/client.js';

/** A day of a class of car at a location, of which there is a row in the inventory. */
export interface RentalDay {
  readonly location: string;
  readonly carClass: string;
  readonly day: string;
}

/** The days from one to another, that one included. */
export function daysOf({
  location,
  carClass,
  pickUp,
  dropOff,
}: Pick<ReserveCar, 'location' | 'carClass' | 'pickUp' | 'dropOff'>): RentalDay[] {
  return daysFrom(pickUp, daysBetween(pickUp, dropOff) + 1).map((day) => ({ location, carClass, day }));
}

export function keyOf({ location, carClass, day }: RentalDay): string {
  return `${location} ${carClass} ${day}`;
}

/** Waits for whoever is changing a day and reads what they left. All lock in one order, so that nobody waits in a circle. */
export function lockDays(
  days: readonly RentalDay[],
  transaction: Prisma.TransactionClient,
): Promise<StockRow[]> {
  return statementsOf(transaction).$queryRaw<StockRow[]>`
    SELECT location || ' ' || car_class || ' ' || to_char(day, 'YYYY-MM-DD') AS key, capacity, reserved
    FROM car_inventory
    WHERE (location, car_class, day) IN (
      SELECT * FROM unnest(
        ${sqlArray(days.map(({ location }) => location))}::text[],
        ${sqlArray(days.map(({ carClass }) => carClass))}::text[],
        ${sqlArray(days.map(({ day }) => day))}::date[]
      )
    )
    ORDER BY location, car_class, day
    FOR NO KEY UPDATE`;
}
