import { driftSql, type Books } from '@clew/service';
import { books as cars } from '../../../apps/cars/src/audit/books.js';
import { books as flights } from '../../../apps/flights/src/audit/books.js';
import { books as hotels } from '../../../apps/hotels/src/audit/books.js';
import { books as shopDelivery } from '../../../apps/shop-delivery/src/audit/books.js';
import { books as shopPayments } from '../../../apps/shop-payments/src/audit/books.js';
import { books as shopStock } from '../../../apps/shop-stock/src/audit/books.js';
import type { ParticipantName, ShopParticipantName } from './app-process.js';
import type { RunningSystem } from './running-system.js';

type Participant = ParticipantName | ShopParticipantName;

const BOOKS: Readonly<Record<Participant, Books>> = {
  flights,
  hotels,
  cars,
  'shop-stock': shopStock,
  'shop-payments': shopPayments,
  'shop-delivery': shopDelivery,
};

/** Counters that don't say what the reservations come to: the statements that the participants answer audits with. */
export async function driftOf(
  system: RunningSystem,
  participants: readonly Participant[],
): Promise<string[]> {
  const found = await Promise.all(
    participants.map(async (participant) => {
      const [row] = await system.databases.rows<{ drift: object[] }>(
        participant,
        driftSql(BOOKS[participant]),
      );
      return row!.drift.map((each) => `${participant}: ${JSON.stringify(each)}`);
    }),
  );
  return found.flat();
}
