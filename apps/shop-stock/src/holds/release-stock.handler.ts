import { Controller } from '@nestjs/common';
import { Ctx } from '@nestjs/microservices';
import { CommandContext, CommandHandler, Transaction } from '@clew/participant';
import { ReleaseStock, StockReleased } from '@clew/shop-contracts';
import type { Prisma } from '../database/client/client.js';
import { giveBack } from './give-back.js';

@Controller()
export class ReleaseStockHandler {
  /** What is released already, or was never held, changes nothing. */
  @CommandHandler(ReleaseStock)
  async release(
    @Ctx() { sagaId, step }: CommandContext,
    @Transaction() transaction: Prisma.TransactionClient,
  ): Promise<StockReleased> {
    await giveBack(transaction, { sagaId, step, as: 'RELEASED' });
    return {};
  }
}
