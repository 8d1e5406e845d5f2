import type { SagaDefinition } from '@clew/saga';
import { tripBooking } from '@clew/trip-booking';
import { orderExchange } from './shop/order-exchange.saga.js';
import { orderReturn } from './shop/order-return.saga.js';
import { order } from './shop/order.saga.js';

/** Every saga that this orchestrator runs; of one with instances in flight, older versions too. */
export const sagaDefinitions: readonly SagaDefinition[] = [tripBooking, order, orderReturn, orderExchange];

/** Those of them that callers may have choreographed. */
export const choreographedSagas: readonly SagaDefinition[] = [tripBooking];
