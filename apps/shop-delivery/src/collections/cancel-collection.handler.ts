import { Controller } from '@nestjs/common';
import { Ctx } from '@nestjs/microservices';
import { CommandContext, CommandHandler, Transaction } from '@clew/participant';
import { CancelCollection, CollectionCancelled } from '@clew/shop-contracts';
import type { Prisma } from '../database/client/client.js';

@Controller()
export class CancelCollectionHandler {
  /** Calls the carrier off, once, and doesn't need it to be up: it hears of it with the next round. */
  @CommandHandler(CancelCollection)
  async cancel(
    @Ctx() { sagaId, step }: CommandContext,
    @Transaction() transaction: Prisma.TransactionClient,
  ): Promise<CollectionCancelled> {
    await transaction.$executeRaw`
      UPDATE collection
      SET status = 'CANCELLED', cancelled_at = now()
      WHERE saga_id = ${sagaId}::uuid AND step = ${step} AND status = 'BOOKED'`;
    return {};
  }
}
