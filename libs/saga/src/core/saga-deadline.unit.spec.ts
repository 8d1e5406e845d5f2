import { describe, expect, it } from '@jest/globals';
import { WHOLE_SAGA } from './effects.js';
import {
  CancelCar,
  CancelFlight,
  ReserveCar,
  ReserveFlight,
  ReserveHotel,
  trip,
} from './example-sagas.fixture.js';
import { saga } from './saga-builder.js';
import {
  acquired,
  cancel,
  done,
  given,
  refused,
  sagaSilent,
  start,
  undone,
  undoSilentToTheLast,
} from './story.fixture.js';

interface Trip {
  flightNumber: string;
}
const flight = {
  action: ReserveFlight,
  payload: ({ input }: { input: Trip }) => input,
  compensation: CancelFlight,
};
const car = { action: ReserveCar, payload: () => ({}), compensation: CancelCar };

const hurried = saga<Trip>('hurried', { version: 1, timeoutMs: 90_000 })
  .parallel({ flight, car })
  .step('payment', { action: ReserveHotel, payload: () => ({}), pivot: true })
  .step('ticket', { action: ReserveHotel, payload: () => ({}), retriable: true })
  .end();
const paying = () => given(hurried, start, done('flight'), done('car'));

describe('the deadline of a whole saga', () => {
  it('is kept from the start, and only where the definition has one', () => {
    expect(given(hurried, start).effects.timers.get(WHOLE_SAGA)).toEqual({
      step: WHOLE_SAGA,
      direction: 'action',
      epoch: 0,
      attempt: 1,
      afterMs: 90_000,
      jitter: 0,
    });
    expect(given(trip, start).effects.timers.has(WHOLE_SAGA)).toBe(false);
  });

  it('stands while steps come and go', () => {
    expect(given(hurried, start, done('flight')).effects.timers.has(WHOLE_SAGA)).toBe(false);
  });

  it('turns the saga back; whatever is under way is in doubt', () => {
    const story = given(hurried, start, done('flight'));
    expect(story.when(sagaSilent)).toEqual([
      'CompensationBegan (SAGA_TIMED_OUT)',
      'StepLeftInDoubt car (abandoned)',
      'StepCompensationStarted car',
    ]);
    expect(story.state?.failure).toEqual({
      code: 'SAGA_TIMED_OUT',
      message: 'The saga had not ended after 90000 ms',
    });
    expect(story.when(undone('car'), undone('flight')).at(-1)).toBe('SagaCompensated');
  });

  it('turns back a saga that waits for a lock', () => {
    const locking = saga<Trip>('locking', { version: 1, timeoutMs: 90_000, lock: () => 'a' })
      .step('flight', flight)
      .end();
    expect(given(locking, start).when(sagaSilent)).toEqual([
      'CompensationBegan (SAGA_TIMED_OUT)',
      'SagaCompensated',
    ]);
    const begun = given(locking, start, acquired('a'));
    expect(begun.effects.timers.has(WHOLE_SAGA)).toBe(false);
    expect(begun.when(sagaSilent).at(-1)).toBe('StepCompensationStarted flight');
  });

  it('turns back a saga that is STUCK because a step could not begin', () => {
    const buggy = saga<Trip>('buggy', { version: 1, timeoutMs: 90_000 })
      .step('flight', flight)
      .step('car', { ...car, payload: () => undefined as unknown as object })
      .end();
    const story = given(buggy, start, done('flight'));
    expect(story.state?.status).toBe('STUCK');
    expect(story.when(sagaSilent)).toEqual([
      'CompensationBegan (SAGA_TIMED_OUT)',
      'StepSkipped car (abandoned)',
      'StepCompensationStarted flight',
    ]);
  });

  it.each([
    ['is over when the pivot is asked for', [done('flight'), done('car')]],
    ['is over when the saga turns back', [refused('flight')]],
    ['is over when the saga is cancelled', [cancel]],
  ])('%s', (_, inputs) => {
    const story = given(hurried, start, ...inputs);
    expect(story.effects.timers.has(WHOLE_SAGA)).toBe(true);
    expect(story.effects.timers.get(WHOLE_SAGA)).toBeUndefined();
  });

  it.each([
    ['in front of a step that can only be retried', { retriable: true as const }],
    ['that is the pivot', { pivot: true as const }],
  ])('never begins for a first step %s', (_, kind) => {
    const committed = saga<Trip>('committed', { version: 1, timeoutMs: 90_000 })
      .step('ticket', { action: ReserveHotel, payload: () => ({}), ...kind })
      .end();
    expect(given(committed, start).effects.timers.get(WHOLE_SAGA)).toBeUndefined();
  });

  it('changes nothing from the pivot on, however long that takes', () => {
    const story = paying();
    expect(story.when(sagaSilent)).toEqual([]);
    expect(story.when(done('payment'), sagaSilent)).toEqual(['StepSucceeded payment', 'StepStarted ticket']);
  });

  it('changes nothing on the way back, nor while an undo is parked', () => {
    const story = given(hurried, start, done('flight'), refused('car'));
    expect(story.when(sagaSilent)).toEqual([]);
    story.when(...undoSilentToTheLast('flight'));
    expect(story.state?.status).toBe('STUCK');
    expect(story.when(sagaSilent)).toEqual([]);
    expect(story.state?.failure?.code).toBe('SOLD_OUT');
  });

  it('changes nothing before the start, nor after the end', () => {
    expect(given(hurried).when(sagaSilent)).toEqual([]);
    const story = paying();
    story.when(done('payment'), done('ticket'));
    expect(story.state?.status).toBe('COMPLETED');
    expect(story.when(sagaSilent)).toEqual([]);
  });

  it('is taken away at the end of a saga that has no pivot', () => {
    const short = saga<Trip>('short', { version: 1, timeoutMs: 90_000 }).step('flight', flight).end();
    const story = given(short, start, done('flight'));
    expect(story.effects.timers.has(WHOLE_SAGA)).toBe(true);
    expect(story.effects.timers.get(WHOLE_SAGA)).toBeUndefined();
  });
});
