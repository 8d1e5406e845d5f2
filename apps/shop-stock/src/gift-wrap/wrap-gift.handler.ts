import { Controller } from '@nestjs/common';
import { Ctx } from '@nestjs/microservices';
import { Command, CommandContext, CommandHandler, CommandRejected, Transaction } from '@clew/participant';
import { GiftWrapped, RejectionCode, WrapGift } from '@clew/shop-contracts';
import { newId } from '@clew/ids';
import type { Prisma } from '../database/client/client.js';

@Controller()
export class WrapGiftHandler {
  @CommandHandler(WrapGift)
  async wrap(
    @Command() { message }: WrapGift,
    @Ctx() { sagaId, step }: CommandContext,
    @Transaction() transaction: Prisma.TransactionClient,
  ): Promise<GiftWrapped> {
    const giftWrapId = newId();
    // The UPDATE waits for whoever is changing the row and then checks against what they left.
    const made = await transaction.$executeRaw`
      WITH taken AS (
        UPDATE wrapping_paper SET used = used + 1 WHERE used < sheets RETURNING id
      )
      INSERT INTO gift_wrap (id, saga_id, step, message)
      SELECT ${giftWrapId}::uuid, ${sagaId}::uuid, ${step}, ${message}
      FROM taken`;
    if (made === 0) {
      throw new CommandRejected(RejectionCode.NO_WRAPPING_PAPER, 'There is no wrapping paper left.');
    }
    return { giftWrapId };
  }
}
