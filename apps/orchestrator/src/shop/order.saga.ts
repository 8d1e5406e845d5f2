import { saga } from '@clew/saga';
import {
  ArrangeDelivery,
  AuthorisePayment,
  CapturePayment,
  ReleaseStock,
  ReserveStock,
  UnwrapGift,
  VoidPayment,
  WrapGift,
} from '@clew/shop-contracts';
import type { Order } from '../orders/order.dto.js';

/**
 * Goods, wrapping where it is wished for, and the customer's credit are set aside; then the money is taken, and from there
 * on the order only goes forward: it is delivered, however long that takes. One order of a customer at a time.
 */
export const order = saga<Order>('order', {
  version: 1,
  timeoutMs: 15 * 60_000,
  lock: ({ customerId }) => `credit:${customerId}`,
})
  .step('stock', {
    action: ReserveStock,
    payload: ({ input }) => ({ items: input.items }),
    compensation: ReleaseStock,
  })
  .step('gift-wrap', {
    when: ({ input }) => input.giftWrap !== undefined,
    action: WrapGift,
    payload: ({ input }) => ({ message: input.giftWrap!.message }),
    compensation: UnwrapGift,
  })
  .step('payment', {
    action: AuthorisePayment,
    payload: ({ input, results }) => ({
      customerId: input.customerId,
      amountCents: results.stock.totalCents,
    }),
    compensation: VoidPayment,
  })
  .step('capture', { action: CapturePayment, payload: () => ({}), pivot: true })
  .step('delivery', {
    action: ArrangeDelivery,
    payload: ({ input }) => ({ address: input.address }),
    retriable: true,
  })
  .end();
