import type { Books } from '@clew/service';

export const books: Books = {
  reservations: `
    SELECT id, saga_id, step, 'car' AS what, status, 1 AS quantity, NULL::uuid AS regarding, created_at
    FROM reservation`,
  inventory: `
    WITH taken AS (
      SELECT location, car_class, day::date AS day, count(*)::int AS cars
      FROM reservation, generate_series(pick_up, drop_off, interval '1 day') AS day
      WHERE status = 'RESERVED' GROUP BY 1, 2, 3
    )
    SELECT location || ' ' || car_class || ' ' || day AS what,
      coalesce(taken.cars, 0) AS counted, inventory.reserved AS recorded
    FROM car_inventory AS inventory FULL JOIN taken USING (location, car_class, day)`,
};
