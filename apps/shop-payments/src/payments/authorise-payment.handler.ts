import { Controller } from '@nestjs/common';
import { Ctx } from '@nestjs/microservices';
import { Command, CommandContext, CommandHandler, CommandRejected, Transaction } from '@clew/participant';
import { AuthorisePayment, PaymentAuthorised, RejectionCode } from '@clew/shop-contracts';
import { newId } from '@clew/ids';
import type { Prisma } from '../database/client/client.js';

/** What one attempt to set credit aside found. */
interface Attempt {
  readonly known: boolean;
  readonly authorised: boolean;
}

@Controller()
export class AuthorisePaymentHandler {
  @CommandHandler(AuthorisePayment)
  async authorise(
    @Command() { customerId, amountCents }: AuthorisePayment,
    @Ctx() { sagaId, step }: CommandContext,
    @Transaction() transaction: Prisma.TransactionClient,
  ): Promise<PaymentAuthorised> {
    const paymentId = newId();
    // The UPDATE waits for whoever is changing the account and then checks the credit against what they left.
    const [attempt] = await transaction.$queryRaw<[Attempt]>`
      WITH authorised AS (
        UPDATE account
        SET authorised_cents = authorised_cents + ${amountCents}::int
        WHERE customer_id = ${customerId}
          AND authorised_cents + captured_cents + ${amountCents}::bigint <= credit_limit_cents
        RETURNING customer_id
      ),
      made AS (
        INSERT INTO payment (id, saga_id, step, customer_id, amount_cents)
        SELECT ${paymentId}::uuid, ${sagaId}::uuid, ${step}, customer_id, ${amountCents}::int
        FROM authorised
      )
      SELECT
        EXISTS (SELECT FROM account WHERE customer_id = ${customerId}) AS known,
        EXISTS (SELECT FROM authorised) AS authorised`;
    if (!attempt.known) {
      throw new CommandRejected(RejectionCode.CUSTOMER_UNKNOWN, `There is no customer ${customerId}.`);
    }
    if (!attempt.authorised) {
      throw new CommandRejected(
        RejectionCode.CARD_DECLINED,
        `The credit of ${customerId} does not reach as far as ${amountCents} cents.`,
      );
    }
    return { paymentId };
  }
}
