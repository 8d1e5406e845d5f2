import {
  CancelCar,
  CancelFlight,
  CancelHotel,
  ReserveCar,
  ReserveFlight,
  ReserveHotel,
  type Trip,
} from '@clew/contracts';
import { saga } from '@clew/saga/core';

/**
 * A flight, then a hotel and a car side by side. If one of them is refused or stays silent, all that were or may have been
 * reserved are cancelled, in reverse order.
 */
export const tripBooking = saga<Trip>('trip-booking', { version: 1 })
  .step('flight', {
    action: ReserveFlight,
    payload: ({ input }) => input.flight,
    compensation: CancelFlight,
  })
  .parallel({
    hotel: {
      action: ReserveHotel,
      payload: ({ input }) => input.hotel,
      compensation: CancelHotel,
    },
    car: {
      action: ReserveCar,
      payload: ({ input }) => input.car,
      compensation: CancelCar,
    },
  })
  .end();
