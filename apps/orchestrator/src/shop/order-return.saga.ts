import { saga } from '@clew/saga';
import { BookCollection, CancelCollection, RefundPayment, RestockGoods } from '@clew/shop-contracts';

/** What is returned, and where the carrier finds it. */
export interface OrderReturn {
  readonly orderId: string;
  readonly address: string;
}

/**
 * The carrier is sent for the goods; then the money goes back, once, and from there on the goods are put back on the
 * shelf. If there is nothing to refund, the collection is called off.
 */
export const orderReturn = saga<OrderReturn>('order-return', { version: 1 })
  .step('collection', {
    action: BookCollection,
    payload: ({ input }) => ({ orderId: input.orderId, address: input.address }),
    compensation: CancelCollection,
  })
  .step('refund', {
    action: RefundPayment,
    payload: ({ input }) => ({ orderId: input.orderId }),
    pivot: true,
  })
  .step('restock', {
    action: RestockGoods,
    payload: ({ input }) => ({ orderId: input.orderId }),
    retriable: true,
  })
  .end();
