/**
 * Tests for sagas of your own, without a broker, a database or a clock: their specification in words, and a simulation of
 * all the trouble that nobody thinks of. Both run the very core that runs in production.
 *
 *     given(tripBooking)
 *       .starts(trip)
 *       .expect(ReserveFlight, { flightNumber: 'CL100' })
 *       .reply({ reservationId: 'f-1' })
 *       .expect(ReserveHotel)
 *       .and(ReserveCar)
 *       .reply({ reservationId: 'c-1' })
 *       .to(ReserveHotel)
 *       .reject('HOTEL_SOLD_OUT', 'No room left')
 *       .expectCompensation(CancelCar)
 *       .reply()
 *       .expectCompensation(CancelFlight)
 *       .reply()
 *       .expectEnd('COMPENSATED', { failure: { step: 'hotel', code: 'HOTEL_SOLD_OUT' } });
 *
 *     assertHolds(simulate({ definition: tripBooking, inputs: [trip], schedules: 500 }));
 *
 * Both play a saga that can be choreographed in both coordinations: orchestrated, and moved on by its participants alone. A
 * specification is written once, and each happening must come to the same in both; `coordination` keeps to one.
 *
 * Guarantees: a command that nobody expected fails the specification; a definition whose payloads aren't pure, or that
 * keeps something that JSON can't hold, is found out; time passes only when the specification says so; the same seed
 * gives the same simulation, and the schedule that a failure names gives the same failure.
 *
 * Doesn't guarantee anything about participants: the simulation's are models with a fence that works. Nor that a
 * definition does what the business wants: only its specification says so. Sagas with locks or child sagas, and those that are
 * begun as a child, are orchestrated only. A specification that stops before `expectEnd`,
 * `expectStatus` or `expectNothing` says nothing about what was sent last.
 */
export { eventInWords } from './event-in-words.js';
export { given, type GivenOptions, type GivenSaga } from './given.js';
export type { PartOf } from './mismatch.js';
export type {
  ChildSpecification,
  ChildUndoSpecification,
  CommandSpecification,
  LateSpecification,
  OperationOn,
  PayloadExpectation,
  SagaSpecification,
  StepName,
  Which,
} from './saga-specification.js';
export { assertHolds } from './simulation/assert-holds.js';
export type { Coverage } from './simulation/coverage.js';
export type { Effect } from './simulation/ledger.js';
export type { OwnPromise, SimulatedSaga } from './simulation/own-promise.js';
export {
  describeViolation,
  simulate,
  type SimulationOptions,
  type SimulationReport,
} from './simulation/simulate.js';
export type { Trace } from './simulation/trace.js';
export { UnmetExpectation } from './unmet-expectation.js';
