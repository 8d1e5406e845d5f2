/** Why a participant of the shop may refuse a command. Stable: callers branch on them. */
export const RejectionCode = {
  PRODUCT_UNKNOWN: 'PRODUCT_UNKNOWN',
  OUT_OF_STOCK: 'OUT_OF_STOCK',
  NO_WRAPPING_PAPER: 'NO_WRAPPING_PAPER',
  CUSTOMER_UNKNOWN: 'CUSTOMER_UNKNOWN',
  CARD_DECLINED: 'CARD_DECLINED',
  CAPTURE_REFUSED: 'CAPTURE_REFUSED',
  ALREADY_CAPTURED: 'ALREADY_CAPTURED',
  NOTHING_TO_REFUND: 'NOTHING_TO_REFUND',
} as const;

export type RejectionCode = (typeof RejectionCode)[keyof typeof RejectionCode];
