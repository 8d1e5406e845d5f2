/**
 * Messages of the shop: commands, their replies and rejection codes, shared by the orchestrator and the participants
 * `shop-stock`, `shop-payments` and `shop-delivery`. Built like those of the trip (`@clew/contracts`).
 *
 * Guarantees that a message which keeps to the rules fits into the participants' databases. Promises nothing about what
 * is in stock or on an account.
 *
 * Imports nothing of Clew, so that a participant in another repository can take it alone.
 */
export {
  ArrangeDelivery,
  BookCollection,
  CancelCollection,
  CollectionBooked,
  CollectionCancelled,
  DeliveryArranged,
} from './delivery.js';
export { GiftUnwrapped, GiftWrapped, UnwrapGift, WrapGift } from './gift-wrap.js';
export {
  AuthorisePayment,
  CapturePayment,
  PaymentAuthorised,
  PaymentCaptured,
  PaymentRefunded,
  PaymentVoided,
  RefundPayment,
  VoidPayment,
} from './payments.js';
export { RejectionCode } from './rejection-codes.js';
export {
  GoodsRestocked,
  OrderItem,
  ReleaseStock,
  ReserveStock,
  RestockGoods,
  StockReleased,
  StockReserved,
} from './stock.js';
