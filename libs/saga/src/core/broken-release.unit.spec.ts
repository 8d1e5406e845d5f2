import { describe, expect, it } from '@jest/globals';
import { CancelFlight, ReserveFlight, ReserveHotel } from './example-sagas.fixture.js';
import { saga } from './saga-builder.js';
import {
  action,
  cancel,
  done,
  given,
  refused,
  replied,
  retry,
  silent,
  start,
  undone,
} from './story.fixture.js';

interface Trip {
  flightNumber: string;
}

/** A payload that a release breaks after its step was asked for. */
function releasing(kind: 'compensatable' | 'retriable' = 'compensatable') {
  const release = { isBroken: false };
  const payload = ({ input }: { input: Trip }) => {
    if (release.isBroken) throw new TypeError('flightNumber is not a function');
    return input;
  };
  const open = saga<Trip>('released', { version: 1 });
  const definition =
    kind === 'compensatable'
      ? open.step('flight', { action: ReserveFlight, payload, compensation: CancelFlight }).end()
      : open.step('flight', { action: ReserveHotel, payload, retriable: true }).end();
  const story = given(definition, start);
  release.isBroken = true;
  return { release, story };
}

describe('a payload that begins to throw when its step is to be asked for again', () => {
  it('parks the step, in doubt, with the message', () => {
    const { story } = releasing();
    expect(story.when(silent(action('flight'), 1))).toEqual(['StepParked flight (bug)', 'SagaStuck']);
    expect(story.state?.steps['flight']).toMatchObject({
      status: 'STUCK',
      action: { epoch: 0, attempt: 1 },
      reason: { kind: 'bug', message: 'flightNumber is not a function' },
    });
  });

  it('still lets the answer to what was asked count: done, or refused', () => {
    const { story } = releasing();
    story.when(silent(action('flight'), 1));
    expect(story.when(done('flight'))).toEqual(['StepSucceeded flight', 'SagaResumed', 'SagaCompleted']);
    const { story: other } = releasing();
    other.when(silent(action('flight'), 1));
    expect(other.when(replied({ ...action('flight'), epoch: 1 }))).toEqual([]);
    other.when(refused('flight'));
    expect(other.stands).toBe('COMPENSATED, flight REJECTED');
    const { story: last } = releasing('retriable');
    last.when(silent(action('flight'), 1));
    expect(last.when(refused('flight'))).toEqual(['StepParked flight (rejection)']);
    expect(last.stands).toBe('STUCK, flight STUCK');
  });

  it('is asked again under its own id, counting on, once it is mended', () => {
    const { release, story } = releasing();
    story.when(silent(action('flight'), 1));
    expect(story.when(retry('flight'))).toEqual([
      'StepUnparked flight',
      'SagaResumed',
      'StepParked flight (bug)',
      'SagaStuck',
    ]);
    release.isBroken = false;
    expect(story.when(retry('flight'))).toEqual([
      'StepUnparked flight',
      'SagaResumed',
      'StepStarted flight 2',
    ]);
    expect(story.when(silent(action('flight'), 1))).toEqual([]);
    expect(story.when(silent(action('flight'), 2))).toEqual(['CommandRepeated flight action 3']);
    story.when(silent(action('flight'), 3));
    expect(story.stands).toBe('COMPENSATING, flight COMPENSATING');
  });

  it('is undone when the saga turns back, as it may have been done', () => {
    const { story } = releasing();
    story.when(silent(action('flight'), 1));
    expect(story.when(cancel)).toEqual([
      'CompensationBegan (CANCELLED)',
      'StepLeftInDoubt flight (abandoned)',
      'StepCompensationStarted flight',
    ]);
    story.when(undone('flight'));
    expect(story.stands).toBe('COMPENSATED, flight COMPENSATED');
  });
});
