import { Controller } from '@nestjs/common';
import { Ctx } from '@nestjs/microservices';
import { Command, CommandContext, CommandHandler, Transaction } from '@clew/participant';
import { ArrangeDelivery, DeliveryArranged } from '@clew/shop-contracts';
import { newId } from '@clew/ids';
import { carrierIsUp } from '../carrier.js';
import type { Prisma } from '../database/client/client.js';

@Controller()
export class ArrangeDeliveryHandler {
  /** Comes after the money was taken, so it has no "no": while the carrier is down, it waits. */
  @CommandHandler(ArrangeDelivery)
  async arrange(
    @Command() { address }: ArrangeDelivery,
    @Ctx() { sagaId, step }: CommandContext,
    @Transaction() transaction: Prisma.TransactionClient,
  ): Promise<DeliveryArranged> {
    await carrierIsUp(transaction);
    const { id } = await transaction.delivery.create({ data: { id: newId(), sagaId, step, address } });
    return { deliveryId: id };
  }
}
