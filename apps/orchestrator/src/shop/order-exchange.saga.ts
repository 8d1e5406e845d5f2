import { saga } from '@clew/saga';
import { ArrangeDelivery, ReleaseStock, ReserveStock, type OrderItem } from '@clew/shop-contracts';
import { orderReturn, type OrderReturn } from './order-return.saga.js';

/** What is returned, and what is wanted instead. */
export interface OrderExchange extends OrderReturn {
  readonly items: OrderItem[];
}

/**
 * The replacement is held first, so that nobody gives something back for nothing. Then the old order is returned by a saga
 * of its own: from the moment that begins the exchange waits for it, and once it is done only goes forward.
 */
export const orderExchange = saga<OrderExchange>('order-exchange', { version: 1 })
  .step('replacement', {
    action: ReserveStock,
    payload: ({ input }) => ({ items: input.items }),
    compensation: ReleaseStock,
  })
  .child('return', {
    saga: orderReturn,
    input: ({ input }) => ({ orderId: input.orderId, address: input.address }),
    pivot: true,
  })
  .step('delivery', {
    action: ArrangeDelivery,
    payload: ({ input }) => ({ address: input.address }),
    retriable: true,
  })
  .end();
