import { Controller } from '@nestjs/common';
import { Ctx } from '@nestjs/microservices';
import { Command, CommandContext, CommandHandler, CommandRejected, Transaction } from '@clew/participant';
import { RejectionCode, ReserveStock, StockReserved } from '@clew/shop-contracts';
import { newId } from '@clew/ids';
import type { Prisma } from '../database/client/client.js';

/** What one attempt to hold goods found. */
interface Attempt {
  /** Products that aren't there at all, and those of which there are too few; null if none. */
  readonly unknown: readonly string[] | null;
  readonly short: readonly string[] | null;
  readonly total: number;
}

@Controller()
export class ReserveStockHandler {
  @CommandHandler(ReserveStock)
  async reserve(
    @Command() { items }: ReserveStock,
    @Ctx() { sagaId, step }: CommandContext,
    @Transaction() transaction: Prisma.TransactionClient,
  ): Promise<StockReserved> {
    const holdId = newId();
    const skus = items.map(({ sku }) => sku);
    const quantities = items.map(({ quantity }) => quantity);
    // All or nothing. Locking waits for whoever is changing a product and then reads what they left; everyone locks in the
    // order of the products, so that nobody waits in a circle. The UPDATE adds to what the lock has read: its own view of
    // the product is as old as the statement, and the CHECK would judge that one.
    const [attempt] = await transaction.$queryRaw<[Attempt]>`
      WITH line AS (
        SELECT sku, sum(quantity)::int AS quantity
        FROM unnest(${skus}::text[], ${quantities}::int[]) AS item (sku, quantity)
        GROUP BY sku
      ),
      wanted AS (
        SELECT product.sku, line.quantity, product.price_cents, product.reserved,
          product.reserved + line.quantity <= product.stock AS fits
        FROM product JOIN line ON line.sku = product.sku
        ORDER BY product.sku
        FOR NO KEY UPDATE OF product
      ),
      verdict AS (
        SELECT
          (SELECT array_agg(sku ORDER BY sku) FROM line WHERE sku NOT IN (SELECT sku FROM wanted)) AS unknown,
          array_agg(sku ORDER BY sku) FILTER (WHERE NOT fits) AS short,
          coalesce(sum(quantity * price_cents), 0)::int AS total
        FROM wanted
      ),
      taken AS (
        UPDATE product
        SET reserved = wanted.reserved + wanted.quantity
        FROM wanted, verdict
        WHERE verdict.unknown IS NULL AND verdict.short IS NULL AND product.sku = wanted.sku
      ),
      made AS (
        INSERT INTO hold (id, saga_id, step, total_cents)
        SELECT ${holdId}::uuid, ${sagaId}::uuid, ${step}, total
        FROM verdict
        WHERE unknown IS NULL AND short IS NULL
      ),
      listed AS (
        INSERT INTO hold_line (hold_id, sku, quantity)
        SELECT ${holdId}::uuid, wanted.sku, wanted.quantity
        FROM wanted, verdict
        WHERE verdict.unknown IS NULL AND verdict.short IS NULL
      )
      SELECT unknown, short, total FROM verdict`;
    const { unknown, short, total } = attempt;
    if (unknown) {
      throw new CommandRejected(RejectionCode.PRODUCT_UNKNOWN, `There is no product ${unknown.join(', ')}.`);
    }
    if (short) {
      throw new CommandRejected(
        RejectionCode.OUT_OF_STOCK,
        `There is not enough in stock of ${short.join(', ')}.`,
      );
    }
    return { holdId, totalCents: total };
  }
}
