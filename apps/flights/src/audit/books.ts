import type { Books } from '@clew/service';

export const books: Books = {
  reservations: `
    SELECT id, saga_id, step, 'seats' AS what, status, seats AS quantity, NULL::uuid AS regarding, created_at
    FROM reservation`,
  inventory: `
    WITH taken AS (
      SELECT flight_number, date, sum(seats)::int AS seats
      FROM reservation WHERE status = 'RESERVED' GROUP BY flight_number, date
    )
    SELECT flight_number || ' ' || date AS what, coalesce(taken.seats, 0) AS counted, inventory.reserved AS recorded
    FROM flight_inventory AS inventory FULL JOIN taken USING (flight_number, date)`,
};
