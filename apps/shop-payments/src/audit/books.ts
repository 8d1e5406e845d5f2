import type { Books } from '@clew/service';

export const books: Books = {
  reservations: `
    SELECT id, saga_id, step, 'payment' AS what, status, amount_cents AS quantity,
      NULL::uuid AS regarding, created_at
    FROM payment`,
  // In double precision: a sum of cents may be more than an integer holds, and JSON has no larger whole numbers.
  inventory: `
    WITH owed AS (
      SELECT customer_id,
        coalesce(sum(amount_cents) FILTER (WHERE status = 'AUTHORISED'), 0)::float8 AS authorised,
        coalesce(sum(amount_cents) FILTER (WHERE status = 'CAPTURED'), 0)::float8 AS captured
      FROM payment GROUP BY customer_id
    ), account_owed AS (
      SELECT customer_id, authorised_cents, captured_cents, coalesce(authorised, 0) AS authorised,
        coalesce(captured, 0) AS captured
      FROM account FULL JOIN owed USING (customer_id)
    )
    SELECT customer_id || ' authorised' AS what, authorised AS counted, authorised_cents AS recorded
    FROM account_owed
    UNION ALL
    SELECT customer_id || ' captured', captured, captured_cents FROM account_owed`,
};
