import type { SagaDefinition, SagaRecord } from '@clew/saga';
import { failureOf, stepsOfSaga } from './saga-steps.js';
import type { SagaResponse } from './saga.response.dto.js';

/** A saga as callers see it. The definition gives the order of the steps; without it none are shown. */
export function viewOf(record: SagaRecord, definition: SagaDefinition | undefined): SagaResponse {
  const { id, saga, version, status } = record;
  return {
    id,
    saga,
    version,
    status,
    steps: definition ? stepsOfSaga(record, definition) : [],
    failure: failureOf(record),
    createdAt: record.createdAt.toISOString(),
    updatedAt: record.updatedAt.toISOString(),
    endedAt: record.endedAt?.toISOString() ?? null,
  };
}
