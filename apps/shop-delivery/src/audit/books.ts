import type { Books } from '@clew/service';

export const books: Books = {
  reservations: `
    SELECT id, saga_id, step, 'delivery' AS what, 'ARRANGED' AS status, 1 AS quantity,
      NULL::uuid AS regarding, created_at
    FROM delivery
    UNION ALL
    SELECT id, saga_id, step, 'collection' AS what, status, 1 AS quantity, order_id AS regarding, created_at
    FROM collection`,
  // The carrier goes as often as it is asked to: nothing is counted.
  inventory: `SELECT '' AS what, 0 AS counted, 0 AS recorded WHERE false`,
};
