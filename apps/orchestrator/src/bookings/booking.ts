import type { SagaDefinition, SagaRecord } from '@clew/saga';
import type { BookingResponse } from './booking.response.dto.js';
import { failureOf, stepsOfSaga } from './saga-steps.js';

/** A saga as the booking that callers see. The definition gives the order of the steps. */
export function bookingOf(record: SagaRecord, definition: SagaDefinition): BookingResponse {
  const { id } = record;
  const self = `/bookings/${id}`;
  return {
    id,
    saga: record.saga,
    version: record.version,
    coordination: record.coordination,
    status: record.status,
    trip: record.input,
    steps: stepsOfSaga(record, definition),
    failure: failureOf(record),
    createdAt: record.createdAt.toISOString(),
    updatedAt: record.updatedAt.toISOString(),
    endedAt: record.endedAt?.toISOString() ?? null,
    links: { self, history: `${self}/history`, events: `${self}/events`, cancel: `${self}/cancel` },
  };
}

/** Changes whenever the booking does. */
export function entityTagOf(record: SagaRecord): string {
  return `"${record.revision}"`;
}

/** Whether an `If-None-Match` header names the entity tag, compared weakly as RFC 9110 asks for. */
export function namesEntityTag(ifNoneMatch: string | undefined, entityTag: string): boolean {
  const named = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return named.includes('*') || named.includes(entityTag);
}
