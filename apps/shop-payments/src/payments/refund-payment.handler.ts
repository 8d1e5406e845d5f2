import { Controller } from '@nestjs/common';
import { Command, CommandHandler, CommandRejected, Transaction } from '@clew/participant';
import { PaymentRefunded, RefundPayment, RejectionCode } from '@clew/shop-contracts';
import type { Prisma } from '../database/client/client.js';

@Controller()
export class RefundPaymentHandler {
  /** The return is another saga than the order, which is why the order is named by the command. */
  @CommandHandler(RefundPayment)
  async refund(
    @Command() { orderId }: RefundPayment,
    @Transaction() transaction: Prisma.TransactionClient,
  ): Promise<PaymentRefunded> {
    const [refunded] = await transaction.$queryRaw<{ amountCents: number }[]>`
      WITH refunded AS (
        UPDATE payment
        SET status = 'REFUNDED', updated_at = now()
        WHERE saga_id = ${orderId}::uuid AND status = 'CAPTURED'
        RETURNING customer_id, amount_cents
      )
      UPDATE account
      SET captured_cents = account.captured_cents - refunded.amount_cents
      FROM refunded
      WHERE account.customer_id = refunded.customer_id
      RETURNING refunded.amount_cents AS "amountCents"`;
    if (refunded) return refunded;
    throw new CommandRejected(
      RejectionCode.NOTHING_TO_REFUND,
      `Nothing is charged for order ${orderId}, or it was refunded already.`,
    );
  }
}
