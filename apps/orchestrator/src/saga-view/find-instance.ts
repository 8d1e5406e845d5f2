import type { SagaDefinition, SagaRecord, Sagas } from '@clew/saga';
import { isUuid, notFound } from '@clew/service';

/** The instance of a saga with that id. @throws 404, which calls it by the name that callers know */
export async function findInstance(
  sagas: Sagas,
  { name }: SagaDefinition,
  id: string,
  called: string,
): Promise<SagaRecord> {
  const record = isUuid(id) ? await sagas.find(id.toLowerCase()) : undefined;
  if (record?.saga !== name) throw notFound(`There is no ${called} ${id}.`);
  return record;
}
