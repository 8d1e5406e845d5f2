import { Controller } from '@nestjs/common';
import { Ctx } from '@nestjs/microservices';
import { CommandContext, CommandHandler, CommandRejected, Transaction } from '@clew/participant';
import { PaymentVoided, RejectionCode, VoidPayment } from '@clew/shop-contracts';
import type { Prisma } from '../database/client/client.js';

@Controller()
export class VoidPaymentHandler {
  /**
   * Gives the credit back, once: what is voided already, or was never authorised, changes nothing. Of money that was taken
   * it doesn't say "voided": no saga asks for that, and if one does somebody has to look.
   */
  @CommandHandler(VoidPayment)
  async void(
    @Ctx() { sagaId, step }: CommandContext,
    @Transaction() transaction: Prisma.TransactionClient,
  ): Promise<PaymentVoided> {
    await transaction.$executeRaw`
      WITH voided AS (
        UPDATE payment
        SET status = 'VOIDED', updated_at = now()
        WHERE saga_id = ${sagaId}::uuid AND step = ${step} AND status = 'AUTHORISED'
        RETURNING customer_id, amount_cents
      )
      UPDATE account
      SET authorised_cents = account.authorised_cents - voided.amount_cents
      FROM voided
      WHERE account.customer_id = voided.customer_id`;
    const payment = await transaction.payment.findUnique({ where: { sagaId_step: { sagaId, step } } });
    if (payment?.status === 'CAPTURED' || payment?.status === 'REFUNDED') {
      throw new CommandRejected(
        RejectionCode.ALREADY_CAPTURED,
        `Payment ${payment.id} is ${payment.status}: it takes a refund to give the money back.`,
      );
    }
    return {};
  }
}
