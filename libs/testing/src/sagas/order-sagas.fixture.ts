import { saga } from '@clew/saga/core';

class StockReserved {
  reservationId!: string;
}
class Charged {
  receipt!: string;
}
class Dispatched {
  tracking!: string;
}
class Undone {}

export class ReserveStock {
  static readonly type = 'stock.reserve';
  static readonly reply = StockReserved;
  sku!: string;
  units!: number;
}
export class ReleaseStock {
  static readonly type = 'stock.release';
  static readonly reply = Undone;
}
export class ReserveWrapping {
  static readonly type = 'wrapping.reserve';
  static readonly reply = StockReserved;
}
export class ReleaseWrapping {
  static readonly type = 'wrapping.release';
  static readonly reply = Undone;
}
export class Charge {
  static readonly type = 'payments.charge';
  static readonly reply = Charged;
  cents!: number;
}
export class Dispatch {
  static readonly type = 'couriers.dispatch';
  static readonly reply = Dispatched;
  reservation!: string;
}

export interface Order {
  readonly sku: string;
  readonly units: number;
}

const stock = {
  action: ReserveStock,
  payload: ({ input }: { input: Order }) => ({ sku: input.sku, units: input.units }),
  compensation: ReleaseStock,
};

/** Stock from two shelves and wrapping side by side, payment as the pivot, then the courier. */
export const order = saga<Order>('order', { version: 1 })
  .step('stock', stock)
  .parallel({
    spare: stock,
    wrapping: { action: ReserveWrapping, payload: () => ({}), compensation: ReleaseWrapping },
  })
  .step('payment', { action: Charge, payload: ({ input }) => ({ cents: input.units * 250 }), pivot: true })
  .step('courier', {
    action: Dispatch,
    payload: ({ results }) => ({ reservation: results.stock.reservationId }),
    retriable: true,
  })
  .end();

export const packing = saga<Order>('packing', { version: 2 }).step('shelf', stock).end();

/** One at a time for each kind of goods, and not for ever: a saga of its own, then the rest. */
export const delivery = saga<Order>('delivery', {
  version: 1,
  timeoutMs: 100_000,
  lock: ({ sku }) => `sku:${sku}`,
})
  .child('packing', { saga: packing, input: ({ input }) => input })
  .step('wrapping', { action: ReserveWrapping, payload: () => ({}), compensation: ReleaseWrapping })
  .end();
