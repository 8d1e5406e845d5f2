import { describe, expect, it } from '@jest/globals';
import { paidTrip } from './example-sagas.fixture.js';
import { action, done, given, refused, silent, start, undone } from './story.fixture.js';

describe('pivot and retriable steps', () => {
  const paying = () => given(paidTrip, start, done('flight'));
  const paid = () => given(paidTrip, start, done('flight'), done('payment'));

  it('a pivot that is refused turns the saga back', () => {
    const turned = paying();
    expect(turned.when(refused('payment'))).toEqual([
      'StepRejected payment',
      'CompensationBegan (payment SOLD_OUT)',
      'StepCompensationStarted flight',
    ]);
    turned.when(undone('flight'));
    expect(turned.stands).toBe(
      'COMPENSATED, flight COMPENSATED, payment REJECTED, ticket PENDING, invoice PENDING',
    );
  });

  it.each([
    ['pivot', paying, 'payment'],
    ['retriable step', paid, 'ticket'],
  ])('a silent %s is asked for ever', (_, before, step) => {
    const waiting = before();
    for (let attempt = 1; attempt <= 100; attempt++) {
      expect(waiting.when(silent(action(step), attempt))).toEqual([
        `CommandRepeated ${step} action ${attempt + 1}`,
      ]);
    }
    expect(waiting.when(done(step))[0]).toBe(`StepSucceeded ${step}`);
  });

  it('a retriable step that is refused leaves the saga STUCK, with everything done still done', () => {
    const stuck = paid();
    expect(stuck.when(done('invoice'), refused('ticket'))).toEqual([
      'StepSucceeded invoice',
      'StepParked ticket (rejection)',
      'SagaStuck',
    ]);
    expect(stuck.stands).toBe('STUCK, flight SUCCEEDED, payment SUCCEEDED, ticket STUCK, invoice SUCCEEDED');
    expect(stuck.state?.failure).toBeUndefined();
  });

  it('a refused retriable step waits for those beside it before the saga is STUCK', () => {
    const stuck = paid();
    expect(stuck.when(refused('ticket'))).toEqual(['StepParked ticket (rejection)']);
    expect(stuck.stands).toMatch(/^RUNNING/);
    expect(stuck.when(silent(action('invoice'), 1), done('invoice'))).toEqual([
      'CommandRepeated invoice action 2',
      'StepSucceeded invoice',
      'SagaStuck',
    ]);
  });

  it('a parked retriable step takes no notice of late answers', () => {
    const stuck = paid();
    stuck.when(done('invoice'), refused('ticket'));
    expect(
      stuck.when(done('ticket'), refused('ticket'), undone('ticket'), silent(action('ticket'), 1)),
    ).toEqual([]);
  });
});
