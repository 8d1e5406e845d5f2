import { daysBetween, daysFrom, type ReserveHotel } from '@clew/contracts';
import { sqlArray, statementsOf } from '@clew/participant';
import type { StockRow } from '@clew/stock';
import type { Prisma } from '../database/client/client.js';

/** A night in a hotel, of which there is a row in the inventory. */
export interface Night {
  readonly hotelId: string;
  readonly night: string;
}

/** The nights from one day to another, that one not included. */
export function nightsOf({
  hotelId,
  checkIn,
  checkOut,
}: Pick<ReserveHotel, 'hotelId' | 'checkIn' | 'checkOut'>): Night[] {
  return daysFrom(checkIn, daysBetween(checkIn, checkOut)).map((night) => ({ hotelId, night }));
}

export function keyOf({ hotelId, night }: Night): string {
  return `${hotelId} ${night}`;
}

/** Waits for whoever is changing a night and reads what they left. All lock in one order, so that nobody waits in a circle. */
export function lockNights(
  nights: readonly Night[],
  transaction: Prisma.TransactionClient,
): Promise<StockRow[]> {
  return statementsOf(transaction).$queryRaw<StockRow[]>`
    SELECT hotel_id || ' ' || to_char(night, 'YYYY-MM-DD') AS key, capacity, reserved
    FROM hotel_inventory
    WHERE (hotel_id, night) IN (
      SELECT * FROM unnest(${sqlArray(nights.map(({ hotelId }) => hotelId))}::text[], ${sqlArray(nights.map(({ night }) => night))}::date[])
    )
    ORDER BY hotel_id, night
    FOR NO KEY UPDATE`;
}
