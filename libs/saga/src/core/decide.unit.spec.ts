import { describe, expect, it } from '@jest/globals';
import type { SagaDefinition } from './definition.js';
import type { SagaEvent } from './events.js';
import { evolveAll } from './evolve.js';
import type { SagaInput } from './inputs.js';
import { saga } from './saga-builder.js';
import { paidTrip, trip } from './example-sagas.fixture.js';
import {
  action,
  done,
  given,
  refused,
  replied,
  replyRefused,
  silent,
  silentToTheLast,
  soldOut,
  start,
  undo,
  undone,
  undoRefused,
  undoSilentToTheLast,
} from './story.fixture.js';

describe('a trip on its way forward', () => {
  it('begins with the flight alone', () => {
    expect(given(trip).when(start)).toEqual(['SagaStarted', 'StepStarted flight']);
  });

  it('goes on with hotel and car side by side', () => {
    expect(given(trip, start).when(done('flight'))).toEqual([
      'StepSucceeded flight',
      'StepStarted hotel',
      'StepStarted car',
    ]);
  });

  it('waits for the second of the two, whichever that is', () => {
    expect(given(trip, start, done('flight')).when(done('car'))).toEqual(['StepSucceeded car']);
    expect(given(trip, start, done('flight')).when(done('hotel'))).toEqual(['StepSucceeded hotel']);
  });

  it('is completed when all are done', () => {
    const booked = given(trip, start, done('flight'), done('car'));
    expect(booked.when(done('hotel'))).toEqual(['StepSucceeded hotel', 'SagaCompleted']);
    expect(booked.stands).toBe('COMPLETED, flight SUCCEEDED, hotel SUCCEEDED, car SUCCEEDED');
  });

  it('starts only once', () => {
    expect(given(trip, start).when(start)).toEqual([]);
    expect(given(trip, start, done('flight'), done('hotel'), done('car')).when(start)).toEqual([]);
  });

  it('takes no notice of anything before it has started', () => {
    expect(given(trip).when(done('flight'), silent(action('flight'), 1))).toEqual([]);
  });
});

describe('a trip that turns back', () => {
  it('has nothing to undo when the first step is refused', () => {
    const trying = given(trip, start);
    expect(trying.when(refused('flight'))).toEqual([
      'StepRejected flight',
      'CompensationBegan (flight SOLD_OUT)',
      'SagaCompensated',
    ]);
    expect(trying.stands).toBe('COMPENSATED, flight REJECTED, hotel PENDING, car PENDING');
    expect(trying.state?.failure).toEqual({ step: 'flight', ...soldOut });
  });

  it('undoes the car that is done when the hotel is refused', () => {
    expect(given(trip, start, done('flight'), done('car')).when(refused('hotel'))).toEqual([
      'StepRejected hotel',
      'CompensationBegan (hotel SOLD_OUT)',
      'StepCompensationStarted car',
    ]);
  });

  it('undoes the car that is still under way at once, as one in doubt', () => {
    expect(given(trip, start, done('flight')).when(refused('hotel'))).toEqual([
      'StepRejected hotel',
      'CompensationBegan (hotel SOLD_OUT)',
      'StepLeftInDoubt car (abandoned)',
      'StepCompensationStarted car',
    ]);
  });

  it('undoes one at a time, in reverse order of the definition', () => {
    const turned = given(trip, start, done('flight'), refused('hotel'));
    expect(turned.when(undone('car'))).toEqual(['StepCompensated car', 'StepCompensationStarted flight']);
    expect(turned.when(undone('flight'))).toEqual(['StepCompensated flight', 'SagaCompensated']);
    expect(turned.stands).toBe('COMPENSATED, flight COMPENSATED, hotel REJECTED, car COMPENSATED');
  });

  it('undoes members of a group in reverse order too, whichever was done first', () => {
    const turned = given(trip, start, done('flight'), done('hotel'));
    expect(turned.when(refused('car'), undone('hotel'))).toEqual([
      'StepRejected car',
      'CompensationBegan (car SOLD_OUT)',
      'StepCompensationStarted hotel',
      'StepCompensated hotel',
      'StepCompensationStarted flight',
    ]);
  });

  it.each([
    ['done', done('car')],
    ['refused', refused('car')],
  ])('takes no notice when the step that it is undoing turns out %s', (_, late) => {
    const turned = given(trip, start, done('flight'), refused('hotel'));
    expect(turned.when(late)).toEqual([]);
    expect(turned.stands).toBe('COMPENSATING, flight SUCCEEDED, hotel REJECTED, car COMPENSATING');
  });

  it('keeps the first failure', () => {
    const turned = given(trip, start, done('flight'), refused('hotel'), refused('car'), undone('car'));
    expect(turned.state?.failure?.step).toBe('hotel');
  });
});

describe('a rejection', () => {
  it('names its own step as the failure, whatever else its participant has put into it', () => {
    const rejection = { code: 'SOLD_OUT', message: 'No more', step: 'car' };
    const reply: SagaInput = {
      type: 'reply',
      command: action('hotel'),
      outcome: { kind: 'rejected', rejection },
    };
    const events = given(trip, start, done('flight')).when(reply);
    expect(events).toContain('StepLeftInDoubt car (abandoned)');
    expect(events.filter((event) => event.startsWith('StepLeftInDoubt'))).toHaveLength(1);
  });
});

describe('a reply that is not awaited changes nothing', () => {
  const trying = () => given(trip, start, done('flight'));

  it.each<[string, SagaInput]>([
    ['the same reply again', done('flight')],
    ['the opposite of what was said before', refused('flight')],
    ['a reply to another epoch', replied(action('hotel', 1))],
    ['a rejection of another epoch', replyRefused(action('hotel', 1))],
    ['a reply to an undo that nobody asked for', undone('hotel')],
    ['a reply to the undo of a step that is done', undone('flight')],
    ['a reply to a step that the saga does not have', done('submarine')],
  ])('%s', (_, reply) => {
    const before = trying();
    expect(before.when(reply)).toEqual([]);
    expect(before.state).toEqual(trying().state);
  });

  it('a reply to a step that has not begun', () => {
    expect(given(trip, start).when(done('hotel'), refused('car'))).toEqual([]);
  });

  it('an answer to an undo of another epoch', () => {
    const turned = given(trip, start, done('flight'), refused('hotel'));
    expect(turned.when(replied(undo('car', 1)), replyRefused(undo('car', 1)))).toEqual([]);
  });

  it('the answer to an undo, again', () => {
    const turned = given(trip, start, done('flight'), refused('hotel'), undone('car'));
    expect(turned.when(undone('car'), undoRefused('car'))).toEqual([]);
  });

  it('whatever comes after the end', () => {
    const late = [
      done('car'),
      refused('hotel'),
      undone('car'),
      silent(action('car'), 1),
      silent(undo('car'), 1),
    ];
    expect(given(trip, start, done('flight'), done('hotel'), done('car')).when(...late)).toEqual([]);
    const compensated = given(trip, start, done('flight'), refused('hotel'), undone('car'), undone('flight'));
    expect(compensated.when(...late, done('flight'), undone('flight'))).toEqual([]);
  });
});

describe('the history', () => {
  it.each<[string, SagaDefinition, SagaInput[]]>([
    ['COMPLETED', trip, [start, done('flight'), done('hotel'), done('car')]],
    ['COMPENSATED', trip, [start, done('flight'), refused('hotel'), undone('car'), undone('flight')]],
    ['STUCK', trip, [start, ...silentToTheLast('flight'), ...undoSilentToTheLast('flight')]],
    ['STUCK', paidTrip, [start, done('flight'), done('payment'), refused('ticket'), done('invoice')]],
  ])(
    'of a saga that ends %s replays to the same state, also after a way through JSON',
    (status, definition, inputs) => {
      const played = given(definition, ...inputs);
      expect(played.state?.status).toBe(status);
      expect(evolveAll(undefined, played.history)).toEqual(played.state);
      const stored = JSON.parse(JSON.stringify(played.history)) as SagaEvent[];
      expect(evolveAll(undefined, stored)).toEqual(played.state);
      expect(JSON.parse(JSON.stringify(played.state))).toEqual(played.state);
    },
  );
});

describe('a step with the name of something that every object has', () => {
  it('is a step like any other', () => {
    const odd = saga<object>('odd', { version: 1 })
      .step('constructor', trip.stages[0]![0] as never)
      .end();
    expect(given(odd).when(start)).toEqual(['SagaStarted', 'StepStarted constructor']);
  });
});
