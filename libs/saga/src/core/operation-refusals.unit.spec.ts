import { describe, expect, it } from '@jest/globals';
import { paidTrip, trip } from './example-sagas.fixture.js';
import {
  cancel,
  done,
  given,
  markDone,
  refused,
  retry,
  skip,
  start,
  undone,
  undoSilentToTheLast,
} from './story.fixture.js';

const turned = () => given(trip, start, done('flight'), done('car'), refused('hotel'));
const paying = () => given(paidTrip, start, done('flight'));
const paid = () => given(paidTrip, start, done('flight'), done('payment'));
/** The undo of the car was never answered; that of the flight is under way. */
const parkedBesideOther = () =>
  given(trip, start, done('flight'), done('car'), refused('hotel'), ...undoSilentToTheLast('car'));
const stuckBySilence = () => {
  const story = parkedBesideOther();
  story.when(undone('flight'));
  return story;
};
const stuckTicket = () =>
  given(paidTrip, start, done('flight'), done('payment'), done('invoice'), refused('ticket'));

describe('a person is told why nothing happens', () => {
  const running = () => given(trip, start, done('flight'));
  const completed = () => given(trip, start, done('flight'), done('hotel'), done('car'));
  const only = 'only a step that is STUCK';

  it.each([
    [
      'no such step',
      running,
      retry('submarine'),
      'Saga trip has no step "submarine": its steps are flight, hotel, car',
    ],
    [
      'retry, not begun',
      () => given(trip, start),
      retry('hotel'),
      `Step "hotel" is PENDING: ${only} can be retried`,
    ],
    ['retry, refused', turned, retry('hotel'), `Step "hotel" is REJECTED: ${only} can be retried`],
    [
      'retry, ended',
      () => given(trip, start, refused('flight')),
      retry('hotel'),
      'The saga has ended: it is COMPENSATED',
    ],
    [
      'skip, pivot',
      paying,
      skip('payment'),
      'Step "payment" is the pivot: everything after it rests on it. Mark it done instead',
    ],
    [
      'skip, under way',
      running,
      skip('hotel'),
      `Step "hotel" is EXECUTING: ${only}, or a retriable one that doesn't answer, can be skipped`,
    ],
    [
      'skip, done',
      running,
      skip('flight'),
      `Step "flight" is SUCCEEDED: ${only}, or a retriable one that doesn't answer, can be skipped`,
    ],
    [
      'skip, being undone',
      turned,
      skip('car'),
      `Step "car" is COMPENSATING: ${only}, or a retriable one that doesn't answer, can be skipped`,
    ],
    [
      'mark done, under way',
      running,
      markDone('hotel'),
      `Step "hotel" is EXECUTING: ${only} or being undone, or one that can't be undone and doesn't answer, can be marked done`,
    ],
    [
      'mark done, refused',
      turned,
      markDone('hotel'),
      `Step "hotel" is REJECTED: ${only} or being undone, or one that can't be undone and doesn't answer, can be marked done`,
    ],
    [
      'cancel, pivot under way',
      paying,
      cancel,
      'Step "payment" can\'t be undone and may have been done: it has to be known first whether it was',
    ],
    [
      'cancel, pivot done',
      paid,
      cancel,
      'Step "payment" is SUCCEEDED and can\'t be undone: the saga can only go forward',
    ],
    ['cancel, ended', completed, cancel, 'The saga has ended: it is COMPLETED'],
  ])('%s', (_, before, input, because) => {
    const story = before();
    expect(story.verdictOn(input)).toEqual({ kind: 'refused', because });
    expect(story.when(input)).toEqual([]);
  });

  it.each([
    ['retry', stuckBySilence, retry('car'), 'Step "car" is COMPENSATING: it is being asked for'],
    ['retry that waits', parkedBesideOther, retry('car'), 'Step "car" is IN_DOUBT: it is being asked for'],
    ['retry of an action', stuckTicket, retry('ticket'), 'Step "ticket" is EXECUTING: it is being asked for'],
    ['skip', stuckBySilence, skip('car'), 'Step "car" is SKIPPED: there is nothing to skip'],
    [
      'mark-done',
      stuckBySilence,
      markDone('car'),
      'Step "car" is COMPENSATED: there is nothing to mark done',
    ],
    [
      'mark-done of an action',
      paying,
      markDone('payment'),
      'Step "payment" is SUCCEEDED: there is nothing to mark done',
    ],
    ['cancel', running, cancel, 'The saga is turning back already'],
  ])('the same %s twice changes nothing', (_, before, input, because) => {
    const story = before();
    expect(story.verdictOn(input)).toMatchObject({ kind: 'accepted' });
    story.when(input);
    expect(story.verdictOn(input)).toEqual({ kind: 'unchanged', because });
    expect(story.when(input)).toEqual([]);
  });

  it('a retry of what was skipped has nothing to retry', () => {
    const story = stuckTicket();
    story.when(skip('ticket'));
    expect(story.verdictOn(retry('ticket'))).toEqual({
      kind: 'unchanged',
      because: 'Step "ticket" is SKIPPED: there is nothing to retry',
    });
  });
});
