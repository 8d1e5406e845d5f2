import type { Books } from '@clew/service';

export const books: Books = {
  reservations: `
    SELECT id, saga_id, step, 'goods' AS what, status,
      (SELECT sum(quantity)::int FROM hold_line WHERE hold_id = hold.id) AS quantity,
      NULL::uuid AS regarding, created_at
    FROM hold
    UNION ALL
    SELECT id, saga_id, step, 'wrapping' AS what, status, 1 AS quantity, NULL::uuid AS regarding, created_at
    FROM gift_wrap`,
  inventory: `
    WITH held AS (
      SELECT sku, sum(quantity)::int AS pieces
      FROM hold JOIN hold_line ON hold_id = id
      WHERE status = 'HELD' GROUP BY sku
    )
    SELECT sku AS what, coalesce(held.pieces, 0) AS counted, product.reserved AS recorded
    FROM product FULL JOIN held USING (sku)
    UNION ALL
    SELECT 'wrapping paper', (SELECT count(*)::int FROM gift_wrap WHERE status = 'WRAPPED'), used
    FROM wrapping_paper`,
};
