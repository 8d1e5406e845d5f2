import type { Prisma } from '../database/client/client.js';

export interface GivenBack {
  readonly sagaId: string;
  /** Of the step that held them; whichever it was, if not said. */
  readonly step?: string;
  readonly as: 'RELEASED' | 'RETURNED';
}

/**
 * Puts goods that are held back on the shelf, once, and tells how many pieces that were: none if they are back already or
 * were never held.
 */
export async function giveBack(
  transaction: Prisma.TransactionClient,
  { sagaId, step = '', as }: GivenBack,
): Promise<number> {
  // Products are locked in their order here too: a hold and a release must not wait in a circle.
  const lines = await transaction.$queryRaw<{ quantity: number }[]>`
    WITH ended AS (
      UPDATE hold
      SET status = ${as}, ended_at = now()
      WHERE saga_id = ${sagaId}::uuid AND (${step} = '' OR step = ${step}) AND status = 'HELD'
      RETURNING id
    ),
    back AS (
      SELECT product.sku, product.reserved, hold_line.quantity
      FROM product
      JOIN hold_line ON hold_line.sku = product.sku
      JOIN ended ON ended.id = hold_line.hold_id
      ORDER BY product.sku
      FOR NO KEY UPDATE OF product
    )
    UPDATE product
    SET reserved = back.reserved - back.quantity
    FROM back
    WHERE product.sku = back.sku
    RETURNING back.quantity`;
  return lines.reduce((pieces, { quantity }) => pieces + quantity, 0);
}
