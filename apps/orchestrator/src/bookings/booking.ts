import type { SagaDefinition, SagaRecord } from '@clew/saga';
import { viewOf } from '../saga-view/saga-view.js';
import type { BookingResponse } from './booking.response.dto.js';

/** A saga as the booking that callers see. The definition gives the order of the steps. */
export function bookingOf(record: SagaRecord, definition: SagaDefinition): BookingResponse {
  const { id, saga, version, status, ...rest } = viewOf(record, definition);
  const self = `/bookings/${id}`;
  return {
    id,
    saga,
    version,
    coordination: record.coordination,
    status,
    trip: record.input,
    ...rest,
    links: { self, history: `${self}/history`, events: `${self}/events`, cancel: `${self}/cancel` },
  };
}
