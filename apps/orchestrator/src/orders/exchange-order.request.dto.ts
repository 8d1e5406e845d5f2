import { ReserveStock } from '@clew/shop-contracts';

/** Body of `POST /orders/{id}/exchange`: what is wanted instead. */
export class ExchangeOrderRequest extends ReserveStock {}
