import { TransientFault } from '@clew/participant';
import type { Prisma } from './database/client/client.js';

/** @throws TransientFault while the carrier is down: whoever needs it waits, and nothing is refused */
export async function carrierIsUp(transaction: Prisma.TransactionClient): Promise<void> {
  const { isUp } = await transaction.carrier.findUniqueOrThrow({ where: { id: 1 } });
  if (!isUp) throw new TransientFault('The carrier is down');
}
