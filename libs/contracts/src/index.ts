/**
 * Messages of the trip: commands, their replies and rejection codes, shared by the orchestrator and the participants.
 *
 * A command is a class with validation rules, a wire name (`static type`, `<participant>.<verb>`) and the class of its
 * reply (`static reply`). That is all the saga definition and the participants' handlers infer their types from.
 *
 * Imports nothing of Clew, so that a participant in another repository can take it alone.
 */
export { CancelCar, CarCancelled, CarReserved, ReserveCar } from './cars.js';
export { CancelFlight, FlightCancelled, FlightReserved, ReserveFlight } from './flights.js';
export { CancelHotel, HotelCancelled, HotelReserved, ReserveHotel } from './hotels.js';
export { RejectionCode } from './rejection-codes.js';
export { Traveller, Trip } from './trip.js';
export {
  daysBetween,
  daysFrom,
  IsCalendarDate,
  isCalendarDate,
  IsDaysAfter,
} from './validation/calendar-date.js';
export { IsPlainText } from './validation/plain-text.js';
