import { Controller } from '@nestjs/common';
import { Ctx } from '@nestjs/microservices';
import { Command, CommandContext, CommandHandler, Transaction } from '@clew/participant';
import { BookCollection, CollectionBooked } from '@clew/shop-contracts';
import { newId } from '@clew/ids';
import { carrierIsUp } from '../carrier.js';
import type { Prisma } from '../database/client/client.js';

@Controller()
export class BookCollectionHandler {
  @CommandHandler(BookCollection)
  async book(
    @Command() { orderId, address }: BookCollection,
    @Ctx() { sagaId, step }: CommandContext,
    @Transaction() transaction: Prisma.TransactionClient,
  ): Promise<CollectionBooked> {
    await carrierIsUp(transaction);
    const { id } = await transaction.collection.create({
      data: { id: newId(), sagaId, step, orderId, address },
    });
    return { collectionId: id };
  }
}
