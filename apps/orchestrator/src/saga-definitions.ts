import type { SagaDefinition } from '@clew/saga';
import { tripBooking } from '@clew/trip-booking';

/** Every saga that this orchestrator runs; of one with instances in flight, older versions too. */
export const sagaDefinitions: readonly SagaDefinition[] = [tripBooking];

/** Those of them that callers may have choreographed. */
export const choreographedSagas: readonly SagaDefinition[] = [tripBooking];
