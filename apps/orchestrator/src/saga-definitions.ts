import type { SagaDefinition } from '@clew/saga';
import { tripBooking } from './trip-booking.saga.js';

/** Every saga that this orchestrator runs; of one with instances in flight, older versions too. */
export const sagaDefinitions: readonly SagaDefinition[] = [tripBooking];
