import { describe, expect, it } from '@jest/globals';
import { CancelFlight, CancelHotel, ReserveFlight, ReserveHotel, trip } from './example-sagas.fixture.js';
import { saga } from './saga-builder.js';
import {
  acquired,
  cancel,
  done,
  given,
  lost,
  parentTurnsBack,
  refused,
  replied,
  action,
  sagaSilent,
  start,
  startAsChild,
  undone,
} from './story.fixture.js';

interface Trip {
  flightNumber: string;
}
const flight = {
  action: ReserveFlight,
  payload: ({ input }: { input: Trip }) => input,
  compensation: CancelFlight,
};
const locking = (...keys: unknown[]) =>
  saga<Trip>('locking', { version: 1, timeoutMs: 60_000, lock: () => keys as string[] })
    .step('flight', flight)
    .end();
const one = locking('a');
const two = locking('b', 'a', 'b');

describe('a saga with locks', () => {
  it('asks for its keys one after another in their order, each once, and begins when it has all', () => {
    const story = given(two);
    expect(story.when(start)).toEqual(['SagaStarted', 'LockRequested a']);
    expect(story.effects.locks).toEqual({ request: ['a'], release: false });
    expect(story.effects.commands).toEqual([]);
    expect(story.when(acquired('a'))).toEqual(['LockAcquired a', 'LockRequested b']);
    expect(story.effects.locks).toEqual({ request: ['b'], release: false });
    expect(story.when(acquired('b'))).toEqual(['LockAcquired b', 'StepStarted flight']);
    expect(story.state?.locks).toEqual({ keys: ['a', 'b'], taken: 2, waiting: false });
  });

  it('may need none for some inputs', () => {
    expect(given(locking()).when(start)).toEqual(['SagaStarted', 'StepStarted flight']);
  });

  it('takes no notice of a lock that it has not asked for, or has already', () => {
    const story = given(two, start);
    expect(story.when(acquired('b'), acquired('c'), lost('a'))).toEqual([]);
    story.when(acquired('a'));
    expect(story.when(acquired('a'))).toEqual([]);
    expect(given(trip, start).when(acquired('a'), lost('a'))).toEqual([]);
  });

  it.each([
    ['empty', '', '""'],
    ['too long', 'x'.repeat(201), `"${'x'.repeat(201)}"`],
    ['no text', 7, '7'],
    ['missing', undefined, 'undefined'],
  ])('does not begin with a key that is %s', (_, key, shown) => {
    expect(() => given(locking('a', key), start)).toThrow(
      `Saga locking: a lock must be a text of 1 to 200 characters, not ${shown}`,
    );
    expect(
      given(locking('x'.repeat(200)))
        .when(start)
        .at(-1),
    ).toBe(`LockRequested ${'x'.repeat(200)}`);
  });

  it.each([
    ['done', [acquired('a'), done('flight')]],
    ['undone', [acquired('a'), refused('flight')]],
    ['cancelled while it waits', [cancel]],
    ['too late while it waits', [sagaSilent]],
  ])('gives all up when it is %s', (_, inputs) => {
    const story = given(one, start, ...inputs);
    expect(story.state?.status).toMatch(/^COMP/);
    expect(story.effects.locks).toEqual({ request: [], release: true });
    expect(story.state?.locks).toBeUndefined();
    expect(story.when(acquired('a'), lost('a'))).toEqual([]);
  });

  it('gives nothing up while it only turns back, nor one that has no locks at all', () => {
    const story = given(one, start, acquired('a'), cancel);
    expect(story.state?.status).toBe('COMPENSATING');
    expect(story.effects.locks.release).toBe(false);
    story.when(undone('flight'));
    expect(story.effects.locks.release).toBe(true);
    expect(given(trip, start, refused('flight')).effects.locks.release).toBe(false);
  });

  it('records a lock that it has lost, once, and goes on', () => {
    const story = given(one, start, acquired('a'));
    expect(story.when(lost('a'))).toEqual(['LockLost a']);
    expect(story.when(lost('a'), lost('b'))).toEqual([]);
    expect(story.state?.locks?.lost).toEqual(['a']);
    expect(story.when(done('flight'))).toEqual(['StepSucceeded flight', 'SagaCompleted']);
  });
});

describe('locks of parents and children', () => {
  const child = saga<Trip>('stay', { version: 1, lock: () => ['b', 'd'] })
    .step('hotel', { action: ReserveHotel, payload: () => ({}), compensation: CancelHotel })
    .end();
  const parent = saga<Trip>('journey', { version: 1, lock: () => ['c', 'b'] })
    .child('stay', { saga: child, input: ({ input }) => input })
    .end();

  it('are handed on: what the parents of the parent hold, then its own', () => {
    const story = given(parent, startAsChild({ locks: ['a'] }), acquired('b'), acquired('c'));
    expect(story.effects.commands).toMatchObject([
      { type: 'saga.start', payload: { saga: 'stay', locks: ['a', 'b', 'c'] } },
    ]);
  });

  it('are not named where nobody holds any', () => {
    const free = saga<Trip>('free', { version: 1 })
      .child('stay', { saga: child, input: ({ input }) => input })
      .end();
    expect(given(free, start).effects.commands[0]?.payload).not.toHaveProperty('locks');
  });

  it('are not taken once more by the child', () => {
    const story = given(child);
    expect(story.when(startAsChild({ locks: ['b', 'c'] }))).toEqual(['SagaStarted', 'LockRequested d']);
    expect(given(child).when(startAsChild({ locks: ['b', 'd'] }))).toEqual([
      'SagaStarted',
      'StepStarted hotel',
    ]);
  });

  it('can not close a circle of waiters: a child that needs a key before one that is held turns back', () => {
    const story = given(child);
    expect(story.when(startAsChild({ locks: ['c'] }))).toEqual([
      'SagaStarted',
      'CompensationBegan (LOCK_ORDER)',
      'SagaCompensated',
    ]);
    expect(story.effects.answer?.outcome).toEqual({
      kind: 'rejected',
      rejection: {
        code: 'LOCK_ORDER',
        message: 'The lock "b" must be taken before "c", which a parent of this saga holds',
      },
    });
    expect(story.effects.commands).toEqual([]);
  });

  it('are gone when a child turns back after its end', () => {
    const story = given(child, startAsChild(), acquired('b'), acquired('d'), done('hotel'));
    expect(story.effects.locks.release).toBe(true);
    expect(story.when(parentTurnsBack).at(-1)).toBe('StepCompensationStarted hotel');
    expect(story.state?.locks).toBeUndefined();
    expect(story.effects.locks.request).toEqual([]);
  });

  it('of a parent stay its own while the child works', () => {
    const story = given(parent, start, acquired('b'), acquired('c'));
    expect(story.when(lost('b'))).toEqual(['LockLost b']);
    expect(story.when(replied(action('stay'), { results: {} })).at(-1)).toBe('SagaCompleted');
    expect(story.effects.locks.release).toBe(true);
  });
});
