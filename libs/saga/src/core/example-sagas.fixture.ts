import { saga } from './saga-builder.js';

class Reserved {
  reservationId!: string;
}
class Cancelled {}
export class ReserveFlight {
  static readonly type = 'flights.reserve';
  static readonly reply = Reserved;
  flightNumber!: string;
}
export class CancelFlight {
  static readonly type = 'flights.cancel';
  static readonly reply = Cancelled;
}
export class ReserveHotel {
  static readonly type = 'hotels.reserve';
  static readonly reply = Reserved;
}
export class CancelHotel {
  static readonly type = 'hotels.cancel';
  static readonly reply = Cancelled;
}
export class ReserveCar {
  static readonly type = 'cars.reserve';
  static readonly reply = Reserved;
}
export class CancelCar {
  static readonly type = 'cars.cancel';
  static readonly reply = Cancelled;
}
interface Trip {
  flightNumber: string;
}
const flight = {
  action: ReserveFlight,
  payload: ({ input }: { input: Trip }) => ({ flightNumber: input.flightNumber }),
  compensation: CancelFlight,
};

/** Flight, then hotel and car side by side. */
export const trip = saga<Trip>('trip', { version: 1 })
  .step('flight', flight)
  .parallel({
    hotel: { action: ReserveHotel, payload: () => ({}), compensation: CancelHotel },
    car: { action: ReserveCar, payload: () => ({}), compensation: CancelCar },
  })
  .end();

/** The flight can be undone, the payment is the pivot, ticket and invoice follow in any case. */
export const paidTrip = saga<Trip>('paid-trip', { version: 1 })
  .step('flight', flight)
  .step('payment', { action: ReserveHotel, payload: () => ({}), pivot: true })
  .parallel({
    ticket: { action: ReserveHotel, payload: () => ({}), retriable: true },
    invoice: { action: ReserveCar, payload: () => ({}), retriable: true },
  })
  .end();
