/** All that the audit knows of the participants. */
interface Kind {
  readonly participant: string;
  /** The status that a step which was done leaves. */
  readonly kept: string;
  /** The status until another step has made it final. */
  readonly provisional?: string;
  /** Statuses in which nothing is held any more. */
  readonly givenBack: readonly string[];
  /** The status after another saga has taken it back. */
  readonly returned?: string;
}

export const KINDS: Readonly<Record<string, Kind>> = {
  seats: { participant: 'flights', kept: 'RESERVED', givenBack: ['CANCELLED'] },
  rooms: { participant: 'hotels', kept: 'RESERVED', givenBack: ['CANCELLED'] },
  car: { participant: 'cars', kept: 'RESERVED', givenBack: ['CANCELLED'] },
  goods: { participant: 'shop-stock', kept: 'HELD', givenBack: ['RELEASED'], returned: 'RETURNED' },
  wrapping: { participant: 'shop-stock', kept: 'WRAPPED', givenBack: ['UNWRAPPED'] },
  payment: {
    participant: 'shop-payments',
    kept: 'CAPTURED',
    provisional: 'AUTHORISED',
    givenBack: ['VOIDED'],
    returned: 'REFUNDED',
  },
  delivery: { participant: 'shop-delivery', kept: 'ARRANGED', givenBack: [] },
  collection: { participant: 'shop-delivery', kept: 'BOOKED', givenBack: ['CANCELLED'] },
};

/** What the steps of each saga hold. Steps that hold nothing of their own aren't named. */
export const HOLDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'trip-booking': { flight: 'seats', hotel: 'rooms', car: 'car' },
  order: { stock: 'goods', 'gift-wrap': 'wrapping', payment: 'payment', delivery: 'delivery' },
  'order-return': { collection: 'collection' },
  'order-exchange': { replacement: 'goods', delivery: 'delivery' },
};

/** Which steps make final what another one holds. */
export const MAKES_FINAL: Readonly<Record<string, string>> = { payment: 'capture' };

/** What the steps of a saga take back from the one that it regards. */
export const TAKES_BACK: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'order-return': { refund: 'payment', restock: 'goods' },
};

/** Whether something is held in that status. One that isn't known counts as holding. */
export function isHeld({ what, status }: { readonly what: string; readonly status: string }): boolean {
  const kind = KINDS[what];
  return !kind?.givenBack.includes(status) && status !== kind?.returned;
}
