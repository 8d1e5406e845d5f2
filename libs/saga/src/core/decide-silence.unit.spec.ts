import { describe, expect, it } from '@jest/globals';
import { trip } from './example-sagas.fixture.js';
import {
  action,
  done,
  given,
  refused,
  replied,
  silent,
  soldOut,
  start,
  undo,
  undone,
  undoRefused,
  undoSilentToTheLast,
} from './story.fixture.js';

describe('silence', () => {
  it('makes the saga ask again under the same epoch', () => {
    const waiting = given(trip, start);
    expect(waiting.when(silent(action('flight'), 1))).toEqual(['CommandRepeated flight action 2']);
    expect(waiting.history.at(-1)).toMatchObject({ epoch: 0 });
  });

  it('changes nothing when it is about an attempt that is over, or one still to come', () => {
    const waiting = given(trip, start, silent(action('flight'), 1));
    expect(waiting.when(silent(action('flight'), 1), silent(action('flight'), 3))).toEqual([]);
  });

  it('changes nothing when it is about something that is not awaited', () => {
    const waiting = given(trip, start, done('flight'));
    const others = [action('flight'), action('hotel', 1), undo('hotel'), action('submarine')];
    expect(waiting.when(...others.map((command) => silent(command, 1)))).toEqual([]);
  });

  it('leaves a step in doubt after the last attempt, and the saga turns back with that step first', () => {
    const waiting = given(trip, start, silent(action('flight'), 1));
    expect(waiting.when(silent(action('flight'), 2))).toEqual([
      'StepLeftInDoubt flight (silence)',
      'CompensationBegan (flight STEP_TIMED_OUT)',
      'StepCompensationStarted flight',
    ]);
    expect(waiting.state?.failure?.message).toBe('flights.reserve was not answered in 2 attempts');
  });

  it('undoes the silent step, what was under way beside it and what was done before', () => {
    const waiting = given(trip, start, done('flight'), silent(action('hotel'), 1));
    expect(
      waiting.when(silent(action('hotel'), 2), undone('car'), undone('hotel'), undone('flight')),
    ).toEqual([
      'StepLeftInDoubt hotel (silence)',
      'CompensationBegan (hotel STEP_TIMED_OUT)',
      'StepLeftInDoubt car (abandoned)',
      'StepCompensationStarted car',
      'StepCompensated car',
      'StepCompensationStarted hotel',
      'StepCompensated hotel',
      'StepCompensationStarted flight',
      'StepCompensated flight',
      'SagaCompensated',
    ]);
  });

  it('of one step leaves the attempts of another alone', () => {
    const waiting = given(trip, start, done('flight'), silent(action('hotel'), 1));
    expect(waiting.when(silent(action('car'), 1))).toEqual(['CommandRepeated car action 2']);
  });

  it('is over when the step is answered at a later attempt', () => {
    const waiting = given(trip, start, silent(action('flight'), 1), done('flight'));
    expect(waiting.when(silent(action('flight'), 2))).toEqual([]);
  });
});

describe('an undo that does not work', () => {
  const turned = () => given(trip, start, done('flight'), done('car'), refused('hotel'));

  it('is asked again to its last attempt, then parked, and the others go on', () => {
    expect(turned().when(...undoSilentToTheLast('car'))).toEqual([
      'CommandRepeated car compensation 2',
      'CommandRepeated car compensation 3',
      'StepParked car (silence)',
      'StepCompensationStarted flight',
    ]);
  });

  it('leaves the saga STUCK when all others are undone', () => {
    const parked = turned();
    parked.when(...undoSilentToTheLast('car'));
    expect(parked.stands).toBe('COMPENSATING, flight COMPENSATING, hotel REJECTED, car STUCK');
    expect(parked.when(undone('flight'))).toEqual(['StepCompensated flight', 'SagaStuck']);
    expect(parked.stands).toBe('STUCK, flight COMPENSATED, hotel REJECTED, car STUCK');
  });

  it('ends the saga COMPENSATED when its answer comes after all', () => {
    const parked = turned();
    parked.when(...undoSilentToTheLast('car'), undone('flight'));
    expect(parked.when(undone('car'))).toEqual(['StepCompensated car', 'SagaResumed', 'SagaCompensated']);
    expect(parked.stands).toBe('COMPENSATED, flight COMPENSATED, hotel REJECTED, car COMPENSATED');
  });

  it('is no longer parked when its answer comes while others are still undone', () => {
    const parked = turned();
    parked.when(...undoSilentToTheLast('car'));
    expect(parked.when(undone('car'))).toEqual(['StepCompensated car']);
    expect(parked.when(undone('flight'))).toEqual(['StepCompensated flight', 'SagaCompensated']);
  });

  it('keeps the saga STUCK while another one is parked', () => {
    const parked = turned();
    parked.when(...undoSilentToTheLast('car'), ...undoSilentToTheLast('flight'));
    expect(parked.stands).toBe('STUCK, flight STUCK, hotel REJECTED, car STUCK');
    expect(parked.when(undone('car'))).toEqual(['StepCompensated car']);
    expect(parked.stands).toBe('STUCK, flight STUCK, hotel REJECTED, car COMPENSATED');
    expect(parked.when(undone('flight'))).toEqual([
      'StepCompensated flight',
      'SagaResumed',
      'SagaCompensated',
    ]);
  });

  it('is parked at once when it is refused, and stays so whatever comes later', () => {
    const parked = turned();
    expect(parked.when(undoRefused('car'))).toEqual([
      'StepParked car (rejection)',
      'StepCompensationStarted flight',
    ]);
    expect(parked.when(undone('flight'))).toEqual(['StepCompensated flight', 'SagaStuck']);
    expect(parked.when(undone('car'), undoRefused('car'), silent(undo('car'), 1))).toEqual([]);
    expect(parked.state?.steps['car']).toMatchObject({ reason: { kind: 'rejection', rejection: soldOut } });
  });

  it('tells the reason when it was silent first and is refused in the end', () => {
    const parked = turned();
    parked.when(...undoSilentToTheLast('car'), undone('flight'));
    expect(parked.when(undoRefused('car'))).toEqual(['StepParked car (rejection)']);
    expect(parked.stands).toBe('STUCK, flight COMPENSATED, hotel REJECTED, car STUCK');
  });

  it('takes no reply to its action for an answer while it is parked', () => {
    const parked = turned();
    parked.when(...undoSilentToTheLast('car'), undone('flight'));
    expect(parked.when(done('car'), refused('car'), replied(undo('car', 1)))).toEqual([]);
  });
});
