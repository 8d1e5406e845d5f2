import { Controller } from '@nestjs/common';
import { Ctx } from '@nestjs/microservices';
import { CommandContext, CommandHandler, CommandRejected, Transaction } from '@clew/participant';
import { CapturePayment, PaymentCaptured, RejectionCode } from '@clew/shop-contracts';
import type { Prisma } from '../database/client/client.js';

@Controller()
export class CapturePaymentHandler {
  /** Charges what the same saga has authorised, whichever of its steps did. */
  @CommandHandler(CapturePayment)
  async capture(
    @Ctx() { sagaId }: CommandContext,
    @Transaction() transaction: Prisma.TransactionClient,
  ): Promise<PaymentCaptured> {
    const [captured] = await transaction.$queryRaw<{ amountCents: number }[]>`
      WITH captured AS (
        UPDATE payment
        SET status = 'CAPTURED', updated_at = now()
        FROM account
        WHERE payment.saga_id = ${sagaId}::uuid AND payment.status = 'AUTHORISED'
          AND account.customer_id = payment.customer_id AND NOT account.frozen
        RETURNING payment.customer_id, payment.amount_cents
      )
      UPDATE account
      SET authorised_cents = account.authorised_cents - captured.amount_cents,
        captured_cents = account.captured_cents + captured.amount_cents
      FROM captured
      WHERE account.customer_id = captured.customer_id
      RETURNING captured.amount_cents AS "amountCents"`;
    if (captured) return captured;
    throw new CommandRejected(
      RejectionCode.CAPTURE_REFUSED,
      'The account is frozen, or nothing was authorised that could be captured.',
    );
  }
}
