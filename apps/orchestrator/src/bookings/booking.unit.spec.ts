import { describe, expect, it } from '@jest/globals';
import type { SagaEvent, SagaRecord, SagaState, StepState } from '@clew/saga';
import { tripBooking } from '../trip-booking.saga.js';
import { bookingOf } from './booking.js';

const id = '0192f0c1-2b3c-7d4e-8f90-123456789abc';
const second = (s: number) => new Date(Date.UTC(2026, 0, 1, 12, 0, s));
const at = (s: number) => second(s).toISOString();

describe('a booking', () => {
  it('shows every step in the order of the definition, those that have not begun included', () => {
    const booking = bookingOf(
      record({ status: 'RUNNING', input: {}, steps: { flight: executing(2) } }, [
        [{ type: 'SagaStarted', input: {} }, started('flight')],
        [{ type: 'CommandRepeated', step: 'flight', direction: 'action', epoch: 0, attempt: 2 }],
      ]),
      tripBooking,
    );

    expect(booking.steps).toEqual([
      {
        name: 'flight',
        status: 'EXECUTING',
        attempts: 2,
        startedAt: at(1),
        endedAt: null,
        result: null,
        rejection: null,
      },
      ...['hotel', 'car'].map((name) => ({
        name,
        status: 'PENDING',
        attempts: 0,
        startedAt: null,
        endedAt: null,
        result: null,
        rejection: null,
      })),
    ]);
    expect(booking.failure).toBeNull();
    expect(booking.endedAt).toBeNull();
  });

  it('shows the whole of a trip that was undone', () => {
    const rejection = { code: 'HOTEL_SOLD_OUT', message: 'No room.' };
    const failure = { step: 'hotel', ...rejection };
    const action = { epoch: 0, attempt: 1, result: { reservationId: 'r-1' } };
    const undo = { epoch: 0, attempt: 1 };
    const state: SagaState = {
      status: 'COMPENSATED',
      input: { traveller: 'Ada' },
      failure,
      steps: {
        flight: { status: 'COMPENSATED', action, undo },
        hotel: { status: 'REJECTED', action: { epoch: 0, attempt: 1 }, rejection },
        car: { status: 'COMPENSATED', action: { epoch: 0, attempt: 1 }, undo },
      },
    };
    const booking = bookingOf(
      record(state, [
        [{ type: 'SagaStarted', input: {} }, started('flight')],
        [{ type: 'StepSucceeded', step: 'flight', result: action.result }, started('hotel'), started('car')],
        [
          { type: 'StepRejected', step: 'hotel', rejection },
          { type: 'CompensationBegan', failure },
          { type: 'StepLeftInDoubt', step: 'car', because: 'abandoned' },
          { type: 'StepCompensationStarted', step: 'car', epoch: 0, attempt: 1 },
        ],
        [
          { type: 'StepCompensated', step: 'car' },
          { type: 'StepCompensationStarted', step: 'flight', epoch: 0, attempt: 1 },
        ],
        [{ type: 'StepCompensated', step: 'flight' }, { type: 'SagaCompensated' }],
      ]),
      tripBooking,
    );

    expect(booking).toEqual({
      id,
      saga: 'trip-booking',
      version: 1,
      coordination: 'orchestration',
      status: 'COMPENSATED',
      trip: { traveller: 'Ada' },
      steps: [
        {
          name: 'flight',
          status: 'COMPENSATED',
          attempts: 1,
          startedAt: at(1),
          endedAt: at(5),
          result: { reservationId: 'r-1' },
          rejection: null,
        },
        {
          name: 'hotel',
          status: 'REJECTED',
          attempts: 1,
          startedAt: at(2),
          endedAt: at(3),
          result: null,
          rejection,
        },
        {
          name: 'car',
          status: 'COMPENSATED',
          attempts: 1,
          startedAt: at(2),
          endedAt: at(4),
          result: null,
          rejection: null,
        },
      ],
      failure,
      createdAt: at(1),
      updatedAt: at(5),
      endedAt: at(5),
      links: {
        self: `/bookings/${id}`,
        history: `/bookings/${id}/history`,
        events: `/bookings/${id}/events`,
        cancel: `/bookings/${id}/cancel`,
      },
    });
  });

  it('shows why an operator is needed, and that the step has not ended', () => {
    const rejection = { code: 'NO', message: 'Never.' };
    const state: SagaState = {
      status: 'STUCK',
      input: {},
      steps: {
        flight: {
          status: 'STUCK',
          action: { epoch: 0, attempt: 1 },
          reason: { kind: 'rejection', rejection },
        },
      },
    };
    const [flight] = bookingOf(
      record(state, [
        [started('flight')],
        [{ type: 'StepParked', step: 'flight', reason: { kind: 'rejection', rejection } }],
      ]),
      tripBooking,
    ).steps;

    expect(flight).toMatchObject({ status: 'STUCK', rejection, endedAt: null });
  });
});

function started(step: string): SagaEvent {
  return { type: 'StepStarted', step, epoch: 0, attempt: 1 };
}

function executing(attempt: number): StepState {
  return { status: 'EXECUTING', action: { epoch: 0, attempt } };
}

/** A record whose nth revision was committed in second n. */
function record(state: SagaState, revisions: SagaEvent[][]): SagaRecord {
  const ended = state.status === 'COMPLETED' || state.status === 'COMPENSATED';
  return {
    id,
    saga: 'trip-booking',
    version: 1,
    definitionHash: 'h',
    coordination: 'orchestration',
    status: state.status,
    revision: revisions.length,
    input: state.input,
    state,
    createdAt: second(1),
    updatedAt: second(revisions.length),
    ...(ended && { endedAt: second(revisions.length) }),
    history: revisions.map((events, index) => ({
      revision: index + 1,
      at: second(index + 1),
      entries: events.map((event) => ({ event, cause: { kind: 'request' } })),
    })),
  };
}
