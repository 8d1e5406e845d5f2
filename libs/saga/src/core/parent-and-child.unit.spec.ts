import { describe, expect, it } from '@jest/globals';
import {
  CancelCar,
  CancelFlight,
  CancelHotel,
  ReserveCar,
  ReserveFlight,
  ReserveHotel,
} from './example-sagas.fixture.js';
import type { SagaInput } from './inputs.js';
import { saga } from './saga-builder.js';
import {
  action,
  cancel,
  done,
  given,
  parentOf,
  parentTurnsBack,
  refused,
  replied,
  retry,
  silent,
  soldOut,
  start,
  startAsChild,
  undo,
  undone,
  undoSilentToTheLast,
} from './story.fixture.js';

interface Trip {
  flightNumber: string;
}
const hotel = { action: ReserveHotel, payload: () => ({}), compensation: CancelHotel };
const car = { action: ReserveCar, payload: () => ({}), compensation: CancelCar };

/** The child of all stories: a hotel, then a car. */
const stay = saga<{ nights: number }>('stay', { version: 3 }).step('hotel', hotel).step('car', car).end();

const asChild = { saga: stay, input: () => ({ nights: 2 }) };
const journey = saga<Trip>('journey', { version: 1 })
  .step('flight', { action: ReserveFlight, payload: ({ input }) => input, compensation: CancelFlight })
  .child('stay', asChild)
  .step('back', {
    action: ReserveFlight,
    payload: ({ results }) => ({ flightNumber: results.stay.results.hotel.reservationId }),
    compensation: CancelFlight,
  })
  .end();
const stayed = { results: { hotel: { reservationId: 'h-1' }, car: { reservationId: 'c-1' } } };

describe('a saga with a child', () => {
  const waiting = () => given(journey, start, done('flight'));

  it('asks the orchestrators for it, by name and version', () => {
    const story = waiting();
    expect(story.stands).toBe('RUNNING, flight SUCCEEDED, stay EXECUTING, back PENDING');
    expect(story.effects.commands).toEqual([
      {
        ...action('stay'),
        attempt: 1,
        participant: 'saga',
        type: 'saga.start',
        payload: { saga: 'stay', version: 3, input: { nights: 2 } },
      },
    ]);
  });

  it('goes on with what its steps have answered', () => {
    const story = waiting();
    expect(story.when(replied(action('stay'), stayed))).toEqual(['StepSucceeded stay', 'StepStarted back']);
    expect(story.effects.commands).toMatchObject([{ payload: { flightNumber: 'h-1' } }]);
  });

  it('turns back when it was refused', () => {
    const story = waiting();
    expect(story.when(refused('stay'))).toEqual([
      'StepRejected stay',
      'CompensationBegan (stay SOLD_OUT)',
      'StepCompensationStarted flight',
    ]);
  });

  it('never gives it up, and asks seldom', () => {
    const story = waiting();
    expect(story.effects.timers.get('stay')?.afterMs).toBe(30_000);
    for (let attempt = 1; attempt <= 50; attempt++)
      expect(story.when(silent(action('stay'), attempt))).toEqual([
        `CommandRepeated stay action ${attempt + 1}`,
      ]);
    expect(story.effects.timers.get('stay')?.afterMs).toBe(3_600_000);
  });

  it.each([
    ['although it was done', [replied(action('stay'), stayed), refused('back')]],
    ['while it is under way', [cancel]],
  ])('has it undone %s, by name and version', (_, inputs) => {
    const story = waiting();
    story.when(...inputs);
    expect(story.stands).toMatch(/^COMPENSATING, flight SUCCEEDED, stay COMPENSATING/);
    expect(story.effects.commands).toEqual([
      {
        ...undo('stay'),
        attempt: 1,
        undoes: 0,
        participant: 'saga',
        type: 'saga.undo',
        payload: { saga: 'stay', version: 3 },
      },
    ]);
    expect(story.when(undone('stay'), undone('flight')).at(-1)).toBe('SagaCompensated');
  });

  it('parks its undo like any other when that is never answered', () => {
    const story = waiting();
    story.when(cancel, ...undoSilentToTheLast('stay'), undone('flight'));
    expect(story.stands).toBe('STUCK, flight COMPENSATED, stay STUCK, back PENDING');
    expect(story.when(retry('stay')).at(-1)).toBe('StepCompensationStarted stay 4');
  });

  it('is STUCK when a retriable one was refused; a retry begins another one', () => {
    const after = saga<Trip>('after', { version: 1 })
      .step('flight', { action: ReserveFlight, payload: ({ input }) => input, pivot: true })
      .child('stay', { ...asChild, retriable: true })
      .end();
    const story = given(after, start, done('flight'));
    expect(story.when(refused('stay'))).toEqual(['StepParked stay (rejection)', 'SagaStuck']);
    story.when(retry('stay'));
    expect(story.effects.commands).toMatchObject([{ ...action('stay', 1), type: 'saga.start' }]);
  });

  it('can not turn back while one that is the pivot is under way', () => {
    const pivotal = saga<Trip>('pivotal', { version: 1 })
      .child('stay', { ...asChild, pivot: true })
      .end();
    const story = given(pivotal, start);
    expect(story.verdictOn(cancel)).toMatchObject({ kind: 'refused' });
    expect(story.when(replied(action('stay'), stayed)).at(-1)).toBe('SagaCompleted');
  });
});

describe('a child', () => {
  const parent = parentOf('child');
  const begun = (...inputs: SagaInput[]) => given(stay, startAsChild(), ...inputs);
  const completed = () => begun(done('hotel'), done('car'));
  const compensated = () => begun(refused('hotel'));
  const undoneForParent = {
    parent: { ...parent, undoEpoch: 0 },
    direction: 'compensation',
    outcome: { kind: 'done', result: {} },
  };

  it('tells its parent what its steps have answered, and nothing before', () => {
    const story = begun(done('hotel'));
    expect(story.effects.answer).toBeUndefined();
    story.when(done('car'));
    const results = { hotel: { reservationId: 'hotel' }, car: { reservationId: 'car' } };
    expect(story.effects.answer).toEqual({
      parent,
      direction: 'action',
      outcome: { kind: 'done', result: { results } },
    });
  });

  it('tells its parent why it turned back, once nothing is left', () => {
    const story = begun(done('hotel'), refused('car'));
    expect(story.effects.answer).toBeUndefined();
    story.when(undone('hotel'));
    expect(story.effects.answer).toEqual({
      parent,
      direction: 'action',
      outcome: { kind: 'rejected', rejection: soldOut },
    });
  });

  it('begins once, and gives its answer again when it is asked after the end', () => {
    expect(begun().when(startAsChild())).toEqual([]);
    for (const ended of [completed(), compensated()]) {
      const { answer } = ended.effects;
      expect(ended.when(startAsChild())).toEqual(['ParentAnsweredAgain']);
      expect(ended.effects.answer).toEqual(answer);
      expect(ended.effects.commands).toEqual([]);
    }
  });

  it('gives no answer to a start that comes from nobody', () => {
    expect(completed().when(start)).toEqual([]);
  });

  it('turns back with its parent while it runs', () => {
    const story = begun(done('hotel'));
    expect(story.when(parentTurnsBack)).toEqual([
      'UndoRequested',
      'CompensationBegan (PARENT_TURNED_BACK)',
      'StepLeftInDoubt car (abandoned)',
      'StepCompensationStarted car',
    ]);
    expect(story.state?.failure?.message).toBe('Saga parent turned back');
    expect(story.when(undone('car'), undone('hotel')).at(-1)).toBe('SagaCompensated');
    expect(story.effects.answer).toEqual(undoneForParent);
  });

  it('turns back with its parent although it was COMPLETED', () => {
    const story = completed();
    expect(story.when(parentTurnsBack)).toEqual([
      'UndoRequested',
      'CompensationBegan (PARENT_TURNED_BACK)',
      'StepCompensationStarted car',
    ]);
    expect(story.when(undone('car'), undone('hotel')).at(-1)).toBe('SagaCompensated');
    expect(story.stands).toBe('COMPENSATED, hotel COMPENSATED, car COMPENSATED');
    expect(story.effects.answer).toEqual(undoneForParent);
  });

  it('has nothing to do for a parent that turns back when it is COMPENSATED, but says so', () => {
    const story = compensated();
    expect(story.when(parentTurnsBack)).toEqual(['UndoRequested', 'ParentAnsweredAgain']);
    expect(story.effects.answer).toEqual(undoneForParent);
  });

  it('answers only the undo when the parent turns back while it does so by itself', () => {
    const story = begun(done('hotel'), refused('car'));
    expect(story.when(parentTurnsBack)).toEqual(['UndoRequested']);
    story.when(undone('hotel'));
    expect(story.effects.answer).toEqual(undoneForParent);
    expect(story.state?.failure?.code).toBe('SOLD_OUT');
  });

  it('that is STUCK on its way back answers when it was seen to', () => {
    const story = begun(done('hotel'), refused('car'), ...undoSilentToTheLast('hotel'));
    expect(story.when(parentTurnsBack)).toEqual(['UndoRequested']);
    expect(story.effects.answer).toBeUndefined();
    expect(story.when(undone('hotel')).at(-1)).toBe('SagaCompensated');
    expect(story.effects.answer).toEqual(undoneForParent);
  });

  it('that has not begun is kept from it for good', () => {
    const story = given(stay);
    expect(story.when(parentTurnsBack)).toEqual([
      'SagaStarted',
      'UndoRequested',
      'CompensationBegan (CANCELLED_BEFORE)',
      'SagaCompensated',
    ]);
    expect(story.effects.answer).toEqual(undoneForParent);
    expect(story.effects.commands).toEqual([]);
    expect(story.when(startAsChild())).toEqual([]);
    expect(story.stands).toBe('COMPENSATED, hotel PENDING, car PENDING');
  });

  it('is asked to turn back twice: it answers at the end, and again after that', () => {
    const story = completed();
    story.when(parentTurnsBack);
    expect(story.when(parentTurnsBack)).toEqual([]);
    story.when(undone('car'), undone('hotel'));
    expect(story.when(parentTurnsBack)).toEqual(['ParentAnsweredAgain']);
    expect(story.effects.answer).toEqual(undoneForParent);
  });

  it('has begun in vain when a start comes late, after the undo', () => {
    const story = completed();
    story.when(parentTurnsBack);
    expect(story.when(startAsChild())).toEqual([]);
    story.when(undone('car'), undone('hotel'));
    expect(story.when(startAsChild())).toEqual([]);
  });

  it('is never a saga that was started by a caller', () => {
    const story = given(stay, { type: 'start', input: { nights: 2 } }, done('hotel'), done('car'));
    expect(story.effects.answer).toBeUndefined();
    expect(story.when(parentTurnsBack)).toEqual([]);
  });
});
