import type { Books } from '@clew/service';

export const books: Books = {
  reservations: `
    SELECT id, saga_id, step, 'rooms' AS what, status, rooms AS quantity, NULL::uuid AS regarding, created_at
    FROM reservation`,
  inventory: `
    WITH taken AS (
      SELECT hotel_id, night::date AS night, sum(rooms)::int AS rooms
      FROM reservation, generate_series(check_in, check_out - 1, interval '1 day') AS night
      WHERE status = 'RESERVED' GROUP BY 1, 2
    )
    SELECT hotel_id || ' ' || night AS what, coalesce(taken.rooms, 0) AS counted, inventory.reserved AS recorded
    FROM hotel_inventory AS inventory FULL JOIN taken USING (hotel_id, night)`,
};
