import { describe, expect, it } from '@jest/globals';
import {
  CancelCar,
  CancelFlight,
  CancelHotel,
  ReserveCar,
  ReserveFlight,
  ReserveHotel,
} from './example-sagas.fixture.js';
import { saga } from './saga-builder.js';
import {
  action,
  cancel,
  done,
  given,
  markDone,
  refused,
  replied,
  retry,
  skip,
  start,
  undo,
  undone,
} from './story.fixture.js';

interface Trip {
  flightNumber: string;
}
interface Reply {
  reservationId: string;
}

/** A hotel only for flight CL100; a car only for the hotel `near`. */
const conditional = () => {
  const seen: unknown[] = [];
  const definition = saga<Trip>('conditional', { version: 1 })
    .step('flight', { action: ReserveFlight, payload: ({ input }) => input, compensation: CancelFlight })
    .step('hotel', {
      action: ReserveHotel,
      payload: () => ({}),
      compensation: CancelHotel,
      when: ({ input }: { input: Trip }) => input.flightNumber === 'CL100',
    })
    .step('car', {
      action: ReserveCar,
      payload: () => ({}),
      compensation: CancelCar,
      when: ({ results }: { results: { hotel?: Reply } }) => {
        seen.push(results);
        return results.hotel?.reservationId === 'near';
      },
    })
    .end();
  return { definition, seen };
};
const elsewhere = { type: 'start', input: { flightNumber: 'CL200' } } as const;

describe('a condition', () => {
  it('on the input leaves a step out, and what follows goes on at once', () => {
    const { definition } = conditional();
    const story = given(definition, elsewhere);
    expect(story.when(done('flight'))).toEqual([
      'StepSucceeded flight',
      'StepSkipped hotel (condition)',
      'StepSkipped car (condition)',
      'SagaCompleted',
    ]);
    expect(story.stands).toBe('COMPLETED, flight SUCCEEDED, hotel SKIPPED, car SKIPPED');
    expect(story.effects.commands).toEqual([]);
  });

  it.each([
    ['near', ['StepSucceeded hotel', 'StepStarted car']],
    ['far', ['StepSucceeded hotel', 'StepSkipped car (condition)', 'SagaCompleted']],
  ])(
    'on the result of an earlier step is asked when that is there: a hotel that is %s',
    (reservationId, then) => {
      const { definition } = conditional();
      const story = given(definition, start, done('flight'));
      expect(story.when(replied(action('hotel'), { reservationId }))).toEqual(then);
    },
  );

  it('finds no result of a step that was skipped', () => {
    const { definition, seen } = conditional();
    given(definition, elsewhere, done('flight'));
    expect(seen).toStrictEqual([{ flight: { reservationId: 'flight' } }]);
  });

  it('may leave out the first step, and all of them', () => {
    const nothing = saga<Trip>('nothing', { version: 1 })
      .step('flight', {
        action: ReserveFlight,
        payload: ({ input }) => input,
        pivot: true,
        when: () => false,
      })
      .end();
    expect(given(nothing).when(start)).toEqual([
      'SagaStarted',
      'StepSkipped flight (condition)',
      'SagaCompleted',
    ]);
  });

  it('of a pivot leaves the way back open until something else commits the saga', () => {
    const free = saga<Trip>('free', { version: 1 })
      .step('pay', { action: ReserveFlight, payload: ({ input }) => input, pivot: true, when: () => false })
      .step('ticket', { action: ReserveHotel, payload: () => ({}), retriable: true })
      .end();
    const story = given(free, start);
    expect(story.stands).toBe('RUNNING, pay SKIPPED, ticket EXECUTING');
    expect(story.verdictOn(cancel)).toMatchObject({ because: expect.stringContaining('Step "ticket"') });
  });

  it('of a step that was skipped is passed by on the way back', () => {
    const { definition } = conditional();
    const only = saga<Trip>('only', { version: 1 })
      .step('flight', { action: ReserveFlight, payload: ({ input }) => input, compensation: CancelFlight })
      .step('hotel', {
        action: ReserveHotel,
        payload: () => ({}),
        compensation: CancelHotel,
        when: () => false,
      })
      .step('car', { action: ReserveCar, payload: () => ({}), compensation: CancelCar })
      .end();
    const story = given(only, start, done('flight'));
    expect(story.when(refused('car'), undone('flight'))).toEqual([
      'StepRejected car',
      'CompensationBegan (car SOLD_OUT)',
      'StepCompensationStarted flight',
      'StepCompensated flight',
      'SagaCompensated',
    ]);
    expect(story.stands).toBe('COMPENSATED, flight COMPENSATED, hotel SKIPPED, car REJECTED');
    expect(given(definition, elsewhere).when(refused('flight')).at(-1)).toBe('SagaCompensated');
  });
});

/** The hotel's own code throws until somebody mends it. */
const buggy = (where: 'when' | 'payload' | 'shape') => {
  const bugs = { mended: false };
  const breaks = (place: typeof where) => {
    if (place === where && !bugs.mended) throw new TypeError(`No price in ${place}`);
    return true;
  };
  const definition = saga<Trip>('buggy', { version: 1 })
    .step('flight', { action: ReserveFlight, payload: ({ input }) => input, compensation: CancelFlight })
    .step('hotel', {
      action: ReserveHotel,
      payload: () =>
        where === 'shape' && !bugs.mended ? ('text' as unknown as object) : (breaks('payload'), {}),
      compensation: CancelHotel,
      when: () => breaks('when'),
    })
    .step('car', { action: ReserveCar, payload: () => ({}), compensation: CancelCar })
    .end();
  return { bugs, story: given(definition, start, done('flight')) };
};

describe("a definition's own code that throws", () => {
  it.each([
    ['when', 'No price in when'],
    ['payload', 'No price in payload'],
    ['shape', 'The payload is not an object'],
  ] as const)('parks its step with the message, and nothing is sent: %s', (where, message) => {
    const { story } = buggy(where);
    expect(story.stands).toBe('STUCK, flight SUCCEEDED, hotel STUCK, car PENDING');
    expect(story.history.slice(-2)).toEqual([
      { type: 'StepParked', step: 'hotel', reason: { kind: 'bug', message } },
      { type: 'SagaStuck' },
    ]);
    expect(story.effects.commands).toEqual([]);
  });

  it('is tried again by a retry: in vain before it is mended, then under the first epoch', () => {
    const { story, bugs } = buggy('payload');
    expect(story.when(retry('hotel'))).toEqual([
      'StepUnparked hotel',
      'SagaResumed',
      'StepParked hotel (bug)',
      'SagaStuck',
    ]);
    bugs.mended = true;
    expect(story.when(retry('hotel'))).toEqual(['StepUnparked hotel', 'SagaResumed', 'StepStarted hotel']);
    expect(story.effects.commands).toMatchObject([{ ...action('hotel', 0), attempt: 1 }]);
    expect(story.when(done('hotel'))).toEqual(['StepSucceeded hotel', 'StepStarted car']);
  });

  it('is passed by on the way back: the step never began', () => {
    const { story } = buggy('payload');
    expect(story.when(cancel)).toEqual([
      'CompensationBegan (CANCELLED)',
      'StepSkipped hotel (abandoned)',
      'StepCompensationStarted flight',
    ]);
    expect(story.when(undone('flight'))).toEqual(['StepCompensated flight', 'SagaCompensated']);
    expect(story.stands).toBe('COMPENSATED, flight COMPENSATED, hotel SKIPPED, car PENDING');
  });

  it('can be gone without', () => {
    const { story } = buggy('when');
    expect(story.when(skip('hotel'))).toEqual([
      'StepSkipped hotel (operator)',
      'SagaResumed',
      'StepStarted car',
    ]);
  });

  it('can be seen to by hand, which is undone like anything that was done', () => {
    const { story } = buggy('payload');
    expect(story.when(markDone('hotel', { reservationId: 'by phone' }))).toEqual([
      'StepSucceeded hotel (by hand)',
      'SagaResumed',
      'StepStarted car',
    ]);
    story.when(refused('car'));
    expect(story.effects.commands).toMatchObject([{ ...undo('hotel'), undoes: 0, type: 'hotels.cancel' }]);
  });

  it('waits for those beside it before the saga is STUCK', () => {
    const beside = saga<Trip>('beside', { version: 1 })
      .parallel({
        hotel: {
          action: ReserveHotel,
          payload: () => undefined as unknown as object,
          compensation: CancelHotel,
        },
        car: { action: ReserveCar, payload: () => ({}), compensation: CancelCar },
      })
      .end();
    const story = given(beside, start);
    expect(story.stands).toBe('RUNNING, hotel STUCK, car EXECUTING');
    expect(story.when(done('car'))).toEqual(['StepSucceeded car', 'SagaStuck']);
    const refusedBeside = given(beside, start);
    expect(refusedBeside.when(refused('car'))).toEqual([
      'StepRejected car',
      'CompensationBegan (car SOLD_OUT)',
      'StepSkipped hotel (abandoned)',
      'SagaCompensated',
    ]);
  });
});
