import { readFactMessage } from '@clew/envelope';
import type { WorkReader } from './engine-consumer.js';
import { MalformedJournal } from './errors.js';
import { readJournal } from './journal.js';

/** Reads what owners tell of the sagas that were started here. */
export const workOfJournal: WorkReader = (delivery) => {
  const { sagaId, body, factId } = readFactMessage(delivery);
  const journal = readJournal(body);
  if (!journal) throw new MalformedJournal(sagaId);
  return { sagaId, input: { type: 'journal', ...journal }, cause: { kind: 'fact', messageId: factId } };
};
