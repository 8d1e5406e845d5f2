import { describe, expect, it } from '@jest/globals';
import { paidTrip, ReserveCar, ReserveHotel, trip } from './example-sagas.fixture.js';
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
  silent,
  skip,
  soldOut,
  start,
  undo,
  undone,
  undoRefused,
  undoSilentToTheLast,
  wish,
} from './story.fixture.js';

const turned = () => given(trip, start, done('flight'), done('car'), refused('hotel'));
/** The undo of the car was never answered; that of the flight is under way. */
const parkedBesideOther = () =>
  given(trip, start, done('flight'), done('car'), refused('hotel'), ...undoSilentToTheLast('car'));
const stuckBySilence = () => {
  const story = parkedBesideOther();
  story.when(undone('flight'));
  return story;
};
const stuckByRefusal = () =>
  given(trip, start, done('flight'), done('car'), refused('hotel'), undoRefused('car'), undone('flight'));
const paying = () => given(paidTrip, start, done('flight'));
const paid = () => given(paidTrip, start, done('flight'), done('payment'));
const stuckTicket = () =>
  given(paidTrip, start, done('flight'), done('payment'), done('invoice'), refused('ticket'));

describe('a retry', () => {
  it('after silence asks again under the same epoch, and the attempts count on', () => {
    const stuck = stuckBySilence();
    expect(stuck.when(retry('car'))).toEqual([
      'StepUnparked car',
      'SagaResumed',
      'StepCompensationStarted car 4',
    ]);
    expect(stuck.effects.commands).toMatchObject([{ ...undo('car', 0), attempt: 4, undoes: 0 }]);
    expect(stuck.stands).toBe('COMPENSATING, flight COMPENSATED, hotel REJECTED, car COMPENSATING');
  });

  it('after silence has as many attempts and as much patience as before', () => {
    const stuck = stuckBySilence();
    const waits = [retry('car'), silent(undo('car'), 4), silent(undo('car'), 5)].map((input) => {
      stuck.when(input);
      return stuck.effects.timers.get('car')?.afterMs;
    });
    expect(waits).toEqual([10_000, 20_000, 40_000]);
    expect(stuck.when(silent(undo('car'), 6))).toEqual(['StepParked car (silence)', 'SagaStuck']);
    expect(stuck.when(retry('car')).at(-1)).toBe('StepCompensationStarted car 7');
  });

  it('waits for an undo that is under way, and comes next', () => {
    const parked = parkedBesideOther();
    expect(parked.when(retry('car'))).toEqual(['StepUnparked car']);
    expect(parked.stands).toBe('COMPENSATING, flight COMPENSATING, hotel REJECTED, car IN_DOUBT');
    expect(parked.when(undone('flight'))).toEqual([
      'StepCompensated flight',
      'StepCompensationStarted car 4',
    ]);
    expect(parked.when(undone('car'))).toEqual(['StepCompensated car', 'SagaCompensated']);
  });

  it('is not needed any more when the answer comes while it waits', () => {
    const parked = parkedBesideOther();
    parked.when(retry('car'));
    expect(parked.when(undone('car'))).toEqual(['StepCompensated car']);
    expect(parked.when(undone('flight'))).toEqual(['StepCompensated flight', 'SagaCompensated']);
  });

  it('is parked again when the answer that comes while it waits is a refusal', () => {
    const parked = parkedBesideOther();
    parked.when(retry('car'));
    expect(parked.when(undoRefused('car'), undone('flight'))).toEqual([
      'StepParked car (rejection)',
      'StepCompensated flight',
      'SagaStuck',
    ]);
  });

  it('after a rejection takes the next epoch, and what belongs to the last one is over', () => {
    const stuck = stuckByRefusal();
    expect(stuck.when(retry('car'))).toEqual([
      'StepUnparked car',
      'SagaResumed',
      'StepCompensationStarted car',
    ]);
    expect(stuck.effects.commands).toMatchObject([{ ...undo('car', 1), attempt: 1, undoes: 0 }]);
    expect(stuck.when(undone('car'), undoRefused('car'), silent(undo('car'), 1))).toEqual([]);
    expect(stuck.when(replied(undo('car', 1), {}))).toEqual(['StepCompensated car', 'SagaCompensated']);
  });

  it('after a rejection believes no answer before it has asked', () => {
    const beside = given(trip, start, done('flight'), done('car'), refused('hotel'), undoRefused('car'));
    expect(beside.when(retry('car'))).toEqual(['StepUnparked car']);
    expect(beside.when(replied(undo('car', 1), {}), undone('car'))).toEqual([]);
    expect(beside.when(undone('flight'))).toEqual(['StepCompensated flight', 'StepCompensationStarted car']);
  });

  it('after a second rejection takes the one after that', () => {
    const stuck = stuckByRefusal();
    const no = { kind: 'rejected', rejection: soldOut } as const;
    stuck.when(retry('car'), { type: 'reply', command: undo('car', 1), outcome: no }, retry('car'));
    expect(stuck.effects.commands).toMatchObject([{ ...undo('car', 2), attempt: 1 }]);
  });

  it('of a retriable step that was refused begins it anew', () => {
    const stuck = stuckTicket();
    expect(stuck.when(retry('ticket'))).toEqual(['StepUnparked ticket', 'SagaResumed', 'StepStarted ticket']);
    expect(stuck.effects.commands).toMatchObject([{ ...action('ticket', 1), attempt: 1 }]);
    expect(stuck.when(done('ticket'))).toEqual([]);
    expect(stuck.when(replied(action('ticket', 1)))).toEqual(['StepSucceeded ticket', 'SagaCompleted']);
  });

  it('of a retriable step need not wait for those beside it', () => {
    const refusedBeside = given(paidTrip, start, done('flight'), done('payment'), refused('ticket'));
    expect(refusedBeside.when(retry('ticket'))).toEqual(['StepUnparked ticket', 'StepStarted ticket']);
    expect(refusedBeside.when(replied(action('ticket', 1)), done('invoice'))).toEqual([
      'StepSucceeded ticket',
      'StepSucceeded invoice',
      'SagaCompleted',
    ]);
  });
});

describe('a skip', () => {
  it('of a parked undo leaves what it was to undo, and the saga ends', () => {
    const stuck = stuckBySilence();
    expect(stuck.when(skip('car'))).toEqual(['StepSkipped car (operator)', 'SagaResumed', 'SagaCompensated']);
    expect(stuck.stands).toBe('COMPENSATED, flight COMPENSATED, hotel REJECTED, car SKIPPED');
    expect(stuck.when(undone('car'))).toEqual([]);
  });

  it('of a refused retriable step goes on without it', () => {
    expect(stuckTicket().when(skip('ticket'))).toEqual([
      'StepSkipped ticket (operator)',
      'SagaResumed',
      'SagaCompleted',
    ]);
  });

  it('of a retriable step that does not answer takes its deadline away', () => {
    const waiting = paid();
    expect(waiting.when(skip('ticket'))).toEqual(['StepSkipped ticket (operator)']);
    expect([...waiting.effects.timers]).toEqual([['ticket', undefined]]);
    expect(waiting.when(done('ticket'), silent(action('ticket'), 1))).toEqual([]);
    expect(waiting.when(done('invoice'))).toEqual(['StepSucceeded invoice', 'SagaCompleted']);
  });
});

describe('marking done', () => {
  it.each([
    ['a parked undo', stuckByRefusal, ['SagaResumed', 'SagaCompensated']],
    ['an undo that does not answer', turned, ['StepCompensationStarted flight']],
  ])('%s counts as undone', (_, before, then) => {
    const story = before();
    expect(story.when(markDone('car'))).toEqual(['StepCompensated car (by hand)', ...then]);
    expect(story.when(undone('car'), silent(undo('car'), 1))).toEqual([]);
  });

  it('a pivot that does not answer gives it the result that is said', () => {
    const story = paying();
    expect(story.when(markDone('payment', { reservationId: 'by phone' }))).toEqual([
      'StepSucceeded payment (by hand)',
      'StepStarted ticket',
      'StepStarted invoice',
    ]);
    expect(story.state?.steps['payment']).toMatchObject({
      action: { result: { reservationId: 'by phone' } },
    });
    expect(story.when(refused('payment'))).toEqual([]);
  });

  it('a retriable step that does not answer, or was refused, completes the saga; without a result it has none', () => {
    const waiting = paid();
    expect(waiting.when(done('invoice'), markDone('ticket')).slice(-2)).toEqual([
      'StepSucceeded ticket (by hand)',
      'SagaCompleted',
    ]);
    expect(waiting.state?.steps['ticket']).toMatchObject({ action: { result: {} } });
    expect(stuckTicket().when(markDone('ticket'))).toEqual([
      'StepSucceeded ticket (by hand)',
      'SagaResumed',
      'SagaCompleted',
    ]);
  });

  it('a pivot that could not begin is not asked for any more, and there is no way back', () => {
    const buggy = saga<object>('buggy', { version: 1 })
      .step('payment', {
        action: ReserveHotel,
        payload: () => {
          throw new Error('No price');
        },
        pivot: true,
      })
      .step('ticket', { action: ReserveCar, payload: () => ({}), retriable: true })
      .end();
    const stuck = given(buggy, start);
    expect(stuck.when(markDone('payment'))).toEqual([
      'StepSucceeded payment (by hand)',
      'SagaResumed',
      'StepStarted ticket',
    ]);
    expect(stuck.verdictOn(cancel)).toMatchObject({ kind: 'refused' });
    expect(stuck.when(done('ticket'))).toEqual(['StepSucceeded ticket', 'SagaCompleted']);
  });
});

describe('turning back at a word', () => {
  it.each([
    ['cancel', 'CANCELLED'],
    ['compensate', 'COMPENSATED_BY_OPERATOR'],
  ] as const)('%s undoes what was or may have been done, with the reason as its message', (word, code) => {
    const story = given(trip, start, done('flight'), done('hotel'));
    expect(story.when(wish({ action: word }))).toEqual([
      `CompensationBegan (${code})`,
      'StepLeftInDoubt car (abandoned)',
      'StepCompensationStarted car',
    ]);
    expect(story.state?.failure).toEqual({ code, message: 'Because' });
    story.when(undone('car'), undone('hotel'), undone('flight'));
    expect(story.stands).toBe('COMPENSATED, flight COMPENSATED, hotel COMPENSATED, car COMPENSATED');
  });

  it('is possible until the pivot is asked for, and again when it was refused', () => {
    expect(given(paidTrip, start).when(cancel)[0]).toBe('CompensationBegan (CANCELLED)');
    expect(paying().when(cancel)).toEqual([]);
    const back = paying();
    back.when(refused('payment'));
    expect(back.verdictOn(cancel)).toEqual({
      kind: 'unchanged',
      because: 'The saga is turning back already',
    });
  });
});
