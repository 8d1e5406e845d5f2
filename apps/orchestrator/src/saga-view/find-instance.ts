import type { SagaDefinition, SagaRecord, Sagas } from '@clew/saga';
import { isUuid, notFound } from '@clew/service';
import type { Caller } from '../callers/caller.js';
import { isShownTo } from './own-instance.js';

/**
 * The instance of a saga with that id, if it is the caller's.
 *
 * @throws 404, which calls it by the name that callers know: another's is as if it weren't there, so that nobody learns ids
 */
export async function findInstance(
  sagas: Sagas,
  { name }: SagaDefinition,
  id: string,
  called: string,
  caller: Caller,
): Promise<SagaRecord> {
  const record = isUuid(id) ? await sagas.find(id.toLowerCase()) : undefined;
  if (record?.saga !== name || !isShownTo(caller, record)) throw notFound(`There is no ${called} ${id}.`);
  return record;
}
