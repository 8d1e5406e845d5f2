import { describe, expect, it } from '@jest/globals';
import {
  CancelCar,
  CancelFlight,
  CancelHotel,
  RejectionCode,
  ReserveCar,
  ReserveFlight,
  ReserveHotel,
  type Trip,
} from '@clew/contracts';
import { assertHolds, given, simulate } from '@clew/testing/sagas';
import { tripBooking } from './trip-booking.saga.js';

const trip: Trip = {
  traveller: { name: 'Ada Lovelace', email: 'ada@example.org' },
  flight: { flightNumber: 'CL100', date: '2027-05-01', seats: 1 },
  hotel: { hotelId: 'HOTEL-1', checkIn: '2027-05-01', checkOut: '2027-05-04', rooms: 1 },
  car: { location: 'JFK', carClass: 'compact', pickUp: '2027-05-01', dropOff: '2027-05-04' },
};
const seat = { reservationId: 'f-1' };
const room = { reservationId: 'h-1' };
const car = { reservationId: 'c-1' };

const booking = () => given(tripBooking).starts(trip);
const flying = () => booking().expect(ReserveFlight, trip.flight).reply(seat);
/** Hotel and car are under way side by side; the car was asked for last. */
const onTheGround = () => flying().expect(ReserveHotel, trip.hotel).and(ReserveCar, trip.car);

describe('a trip that works', () => {
  it('reserves the flight, then hotel and car side by side', () => {
    onTheGround().reply(car).to(ReserveHotel).reply(room).expectEnd('COMPLETED');
  });

  it('does not mind which of hotel and car answers first', () => {
    onTheGround()
      .to(ReserveHotel)
      .reply(room)
      .expectStatus('RUNNING')
      .to(ReserveCar)
      .reply(car)
      .expectEnd('COMPLETED');
  });

  it('takes no notice of an answer that comes twice', () => {
    onTheGround()
      .late(ReserveFlight)
      .reply({ reservationId: 'f-2' })
      .late(ReserveFlight)
      .reject(RejectionCode.FLIGHT_SOLD_OUT)
      .expectNothing()
      .expectStep('flight', 'SUCCEEDED', { action: { result: seat } });
  });
});

describe('a trip of which something is sold out', () => {
  it('ends at once when it is the flight: there is nothing to undo', () => {
    booking()
      .expect(ReserveFlight)
      .reject(RejectionCode.FLIGHT_SOLD_OUT, 'Flight CL100 has no seat left')
      .expectEnd('COMPENSATED', { failure: { step: 'flight', code: 'FLIGHT_SOLD_OUT' } })
      .expectStep('hotel', 'PENDING')
      .expectStep('car', 'PENDING');
  });

  it('cancels the car that was reserved, then the flight, when it is the hotel', () => {
    onTheGround()
      .reply(car)
      .to(ReserveHotel)
      .reject(RejectionCode.HOTEL_SOLD_OUT, 'No rooms')
      .expectCompensation(CancelCar)
      .reply()
      .expectCompensation(CancelFlight)
      .reply()
      .expectEnd('COMPENSATED', { failure: { step: 'hotel', code: 'HOTEL_SOLD_OUT', message: 'No rooms' } })
      .expectStep('flight', 'COMPENSATED')
      .expectStep('hotel', 'REJECTED')
      .expectStep('car', 'COMPENSATED');
  });

  it('cancels the car that is still under way, too, and its late success changes nothing', () => {
    onTheGround()
      .to(ReserveHotel)
      .reject(RejectionCode.HOTEL_SOLD_OUT)
      .expectStep('car', 'COMPENSATING')
      .expectCompensation(CancelCar)
      .late(ReserveCar)
      .reply(car)
      .expectNothing()
      .to(CancelCar)
      .reply()
      .expectCompensation(CancelFlight)
      .reply()
      .expectEnd('COMPENSATED', { failure: { step: 'hotel' } });
  });

  it('cancels the hotel, then the flight, when it is the car', () => {
    onTheGround()
      .reject(RejectionCode.CAR_SOLD_OUT)
      .expectCompensation(CancelHotel)
      .reply()
      .expectCompensation(CancelFlight)
      .reply()
      .expectEnd('COMPENSATED', { failure: { step: 'car', code: 'CAR_SOLD_OUT' } });
  });
});

describe('a trip of which somebody is silent', () => {
  it('asks again with growing patience, under the same id and with the same payload', () => {
    booking()
      .expect(ReserveFlight, trip.flight)
      .after(10_000)
      .expect(ReserveFlight, trip.flight, { attempt: 2, epoch: 0 })
      .after(20_000)
      .expect(ReserveFlight, trip.flight, { attempt: 3, epoch: 0 })
      .after(39_999)
      .expectNothing()
      .after(1)
      .expect(ReserveFlight, trip.flight, { attempt: 4, epoch: 0 })
      .reply(seat)
      .expect(ReserveHotel)
      .and(ReserveCar);
  });

  it('is in doubt in the end, and undoes what may have been done', () => {
    onTheGround()
      .reply(car)
      .to(ReserveHotel)
      .staysSilent()
      .expectCompensation(CancelCar)
      .reply()
      .expectCompensation(CancelHotel)
      .late(ReserveHotel)
      .reply(room)
      .expectNothing()
      .to(CancelHotel)
      .reply()
      .expectCompensation(CancelFlight)
      .reply()
      .expectEnd('COMPENSATED', {
        failure: {
          step: 'hotel',
          code: 'STEP_TIMED_OUT',
          message: 'hotels.reserve was not answered in 4 attempts',
        },
      });
  });
});

describe('a trip whose flight or car is silent', () => {
  it('has only the flight to undo when that is in doubt', () => {
    booking()
      .expect(ReserveFlight)
      .staysSilent()
      .expectCompensation(CancelFlight)
      .reply()
      .expectEnd('COMPENSATED', { failure: { message: 'flights.reserve was not answered in 4 attempts' } });
  });

  it('undoes the car first when that is in doubt', () => {
    onTheGround()
      .to(ReserveHotel)
      .reply(room)
      .to(ReserveCar)
      .staysSilent()
      .expectCompensation(CancelCar)
      .reply()
      .expectCompensation(CancelHotel)
      .reply()
      .expectCompensation(CancelFlight)
      .reply()
      .expectEnd('COMPENSATED', { failure: { message: 'cars.reserve was not answered in 4 attempts' } });
  });
});

describe('a trip that can not be undone', () => {
  /** The flight stays reserved although the trip turned back: its undo has been refused. */
  const stuck = () =>
    onTheGround()
      .reject(RejectionCode.CAR_SOLD_OUT)
      .expectCompensation(CancelHotel)
      .reply()
      .expectCompensation(CancelFlight)
      .reject('AIRLINE_CLOSED', 'The airline has no desk on Sundays')
      .expectStatus('STUCK')
      .expectStep('flight', 'STUCK', { reason: { rejection: { code: 'AIRLINE_CLOSED' } } });

  it('goes on with the others, is STUCK, and ends once an operator has it tried again', () => {
    stuck()
      .operator({ action: 'retry', step: 'flight' })
      .expectCompensation(CancelFlight, { epoch: 1, attempt: 1 })
      .reply()
      .expectEnd('COMPENSATED', { failure: { step: 'car' } });
  });

  it('ends when an operator has seen to it', () => {
    stuck()
      .refuses({ action: 'skip', step: 'hotel' }, /COMPENSATED/)
      .operator({ action: 'mark-done', step: 'flight' })
      .expectEnd('COMPENSATED')
      .expectStep('flight', 'COMPENSATED');
    stuck()
      .operator({ action: 'skip', step: 'flight' })
      .expectEnd('COMPENSATED')
      .expectStep('flight', 'SKIPPED');
  });

  it('is STUCK after lasting silence, and ends with the answer that comes after all', () => {
    onTheGround()
      .reply(car)
      .to(ReserveHotel)
      .reject(RejectionCode.HOTEL_UNKNOWN)
      .expectCompensation(CancelCar)
      .staysSilent()
      .expectStep('car', 'STUCK', { reason: { kind: 'silence' } })
      .expectCompensation(CancelFlight)
      .reply()
      .expectStatus('STUCK')
      .late(CancelCar)
      .reply()
      .expectEnd('COMPENSATED', { failure: { step: 'hotel', code: 'HOTEL_UNKNOWN' } });
  });
});

describe('a trip that is cancelled', () => {
  it('undoes what was or may have been reserved', () => {
    onTheGround()
      .to(ReserveHotel)
      .reply(room)
      .cancel()
      .expectCompensation(CancelCar)
      .reply()
      .leavesUnchanged({ action: 'cancel' }, /turning back already/)
      .expectCompensation(CancelHotel)
      .reply()
      .expectCompensation(CancelFlight)
      .reply()
      .expectEnd('COMPENSATED', { failure: { code: 'CANCELLED' } });
  });

  it('refuses once it has ended', () => {
    onTheGround()
      .reply(car)
      .to(ReserveHotel)
      .reply(room)
      .expectEnd('COMPLETED')
      .refuses({ action: 'cancel' }, /has ended: it is COMPLETED/);
  });
});

describe('a trip in random trouble', () => {
  it('keeps every promise of a saga', () => {
    const { coverage } = assertHolds(simulate({ definition: tripBooking, inputs: [trip], schedules: 400 }));
    expect(coverage.choreographed).toBeGreaterThan(100);
    expect(coverage.completed).toBeGreaterThan(0);
    expect(coverage.compensated).toBeGreaterThan(0);
    expect(coverage.bugsParked).toBe(0);
  });
});
