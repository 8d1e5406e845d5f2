import { Controller } from '@nestjs/common';
import { Ctx } from '@nestjs/microservices';
import { CommandContext, CommandHandler, Transaction } from '@clew/participant';
import { GiftUnwrapped, UnwrapGift } from '@clew/shop-contracts';
import type { Prisma } from '../database/client/client.js';

@Controller()
export class UnwrapGiftHandler {
  /** Gives the paper back, once: what is unwrapped already, or was never wrapped, changes nothing. */
  @CommandHandler(UnwrapGift)
  async unwrap(
    @Ctx() { sagaId, step }: CommandContext,
    @Transaction() transaction: Prisma.TransactionClient,
  ): Promise<GiftUnwrapped> {
    await transaction.$executeRaw`
      WITH unwrapped AS (
        UPDATE gift_wrap
        SET status = 'UNWRAPPED', ended_at = now()
        WHERE saga_id = ${sagaId}::uuid AND step = ${step} AND status = 'WRAPPED'
        RETURNING id
      )
      UPDATE wrapping_paper SET used = used - 1 FROM unwrapped`;
    return {};
  }
}
