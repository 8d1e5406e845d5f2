import { Controller } from '@nestjs/common';
import { Command, CommandHandler, Transaction } from '@clew/participant';
import { GoodsRestocked, RestockGoods } from '@clew/shop-contracts';
import type { Prisma } from '../database/client/client.js';
import { giveBack } from './give-back.js';

@Controller()
export class RestockGoodsHandler {
  /** The return is another saga than the order, which is why the order is named by the command. */
  @CommandHandler(RestockGoods)
  async restock(
    @Command() { orderId }: RestockGoods,
    @Transaction() transaction: Prisma.TransactionClient,
  ): Promise<GoodsRestocked> {
    return { pieces: await giveBack(transaction, { sagaId: orderId, as: 'RETURNED' }) };
  }
}
