/** Why a participant may refuse a reservation. Stable: callers branch on them. */
export const RejectionCode = {
  FLIGHT_UNKNOWN: 'FLIGHT_UNKNOWN',
  FLIGHT_SOLD_OUT: 'FLIGHT_SOLD_OUT',
  HOTEL_UNKNOWN: 'HOTEL_UNKNOWN',
  HOTEL_SOLD_OUT: 'HOTEL_SOLD_OUT',
  CAR_UNKNOWN: 'CAR_UNKNOWN',
  CAR_SOLD_OUT: 'CAR_SOLD_OUT',
} as const;

export type RejectionCode = (typeof RejectionCode)[keyof typeof RejectionCode];
