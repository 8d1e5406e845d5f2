import { describe, expect, it } from '@jest/globals';
import type { SagaEvent } from './events.js';
import { evolve, evolveAll } from './evolve.js';
import { hasEnded, pendingCommand, stepState } from './state.js';

const started: SagaEvent = { type: 'SagaStarted', input: { number: 1 } };
const stepStarted: SagaEvent = { type: 'StepStarted', step: 'flight', epoch: 0, attempt: 1 };
const succeeded: SagaEvent = { type: 'StepSucceeded', step: 'flight', result: { id: 'r1' } };
const rejection = { code: 'SOLD_OUT', message: 'No more' };
const rejected: SagaEvent = { type: 'StepRejected', step: 'flight', rejection };
const inDoubt: SagaEvent = { type: 'StepLeftInDoubt', step: 'flight', because: 'silence' };
const failure = { step: 'hotel', ...rejection };
const began: SagaEvent = { type: 'CompensationBegan', failure };
const undoStarted: SagaEvent = { type: 'StepCompensationStarted', step: 'flight', epoch: 0, attempt: 1 };
const compensated: SagaEvent = { type: 'StepCompensated', step: 'flight' };
const parked: SagaEvent = { type: 'StepParked', step: 'flight', reason: { kind: 'silence' } };
const repeated = (direction: 'action' | 'compensation', attempt: number): SagaEvent => ({
  type: 'CommandRepeated',
  step: 'flight',
  direction,
  epoch: 0,
  attempt,
});

/** The state after a history that began with the start of the saga and of its flight. */
function after(...events: readonly SagaEvent[]) {
  const state = evolveAll(undefined, [started, stepStarted, ...events]);
  if (!state) throw new Error('A history that is not empty has a state');
  return state;
}
const flightAfter = (...events: readonly SagaEvent[]) => stepState(after(...events), 'flight');

describe('the state after a history', () => {
  it('begins RUNNING with every step pending', () => {
    const state = evolve(undefined, started);
    expect(state).toEqual({ status: 'RUNNING', input: { number: 1 }, steps: {} });
    expect(stepState(state, 'flight')).toEqual({ status: 'PENDING' });
  });

  it('is nothing after no history', () => {
    expect(evolveAll(undefined, [])).toBeUndefined();
  });

  it('knows the command that is awaited, with its attempt', () => {
    const action = { step: 'flight', direction: 'action', epoch: 0 };
    expect(pendingCommand(after(), 'flight')).toEqual({ ...action, attempt: 1 });
    expect(pendingCommand(after(repeated('action', 2)), 'flight')).toEqual({ ...action, attempt: 2 });
    const undo = { ...action, direction: 'compensation' };
    expect(pendingCommand(after(succeeded, began, undoStarted), 'flight')).toEqual({ ...undo, attempt: 1 });
    const undoAgain = after(succeeded, began, undoStarted, repeated('compensation', 2));
    expect(pendingCommand(undoAgain, 'flight')).toEqual({ ...undo, attempt: 2 });
  });

  it.each<[string, SagaEvent[]]>([
    ['done', [succeeded]],
    ['refused', [rejected]],
    ['in doubt', [inDoubt]],
    ['undone', [succeeded, undoStarted, compensated]],
    ['parked', [succeeded, undoStarted, parked]],
  ])('awaits nothing from a step that is %s', (_, events) => {
    expect(pendingCommand(after(...events), 'flight')).toBeUndefined();
  });

  it('keeps how the action went while the step is undone', () => {
    const action = { epoch: 0, attempt: 2, result: { id: 'r1' } };
    const undone = [repeated('action', 2), succeeded, began, undoStarted];
    expect(flightAfter(...undone)).toEqual({
      status: 'COMPENSATING',
      action,
      undo: { epoch: 0, attempt: 1 },
    });
    expect(flightAfter(...undone, repeated('compensation', 2), compensated)).toEqual({
      status: 'COMPENSATED',
      action,
      undo: { epoch: 0, attempt: 2 },
    });
  });

  it('tells a parked action from a parked undo', () => {
    const refusedForGood: SagaEvent = { ...parked, reason: { kind: 'rejection', rejection } };
    expect(flightAfter(refusedForGood)).toEqual({
      status: 'STUCK',
      action: { epoch: 0, attempt: 1 },
      reason: { kind: 'rejection', rejection },
    });
    expect(flightAfter(succeeded, undoStarted, parked)).toMatchObject({ undo: { epoch: 0, attempt: 1 } });
  });

  it('has ended when it is COMPLETED or COMPENSATED, not when it is STUCK', () => {
    expect(hasEnded(after())).toBe(false);
    expect(hasEnded(after(began))).toBe(false);
    expect(hasEnded(after(succeeded, undoStarted, parked, { type: 'SagaStuck' }))).toBe(false);
    expect(hasEnded(after(succeeded, { type: 'SagaCompleted' }))).toBe(true);
    expect(hasEnded(after(began, { type: 'SagaCompensated' }))).toBe(true);
  });

  it('leaves the state before as it was', () => {
    const before = after();
    const copy = structuredClone(before);
    evolveAll(before, [succeeded, began, undoStarted, compensated, { type: 'SagaCompensated' }]);
    expect(before).toEqual(copy);
  });
});

describe('a broken history is refused', () => {
  it.each<[string, SagaEvent[], string]>([
    [
      'anything before the start',
      [stepStarted],
      'StepStarted can\'t happen to step "flight": the saga has not started',
    ],
    [
      'an end before the start',
      [{ type: 'SagaCompleted' }],
      "SagaCompleted can't happen: the saga has not started",
    ],
    ['a second start', [started, started], 'the saga has started already'],
    ['a success of a step that has not begun', [started, succeeded], 'the step is PENDING'],
    ['a rejection of a step that has not begun', [started, rejected], 'the step is PENDING'],
    ['doubt about a step that has not begun', [started, inDoubt], 'the step is PENDING'],
    ['an undo of a step that has not begun', [started, undoStarted], 'the step is PENDING'],
    ['parking a step that has not begun', [started, parked], 'the step is PENDING'],
    ['repeating a step that has not begun', [started, repeated('action', 2)], 'the step is PENDING'],
    [
      'repeating a step that is done',
      [started, stepStarted, succeeded, repeated('action', 2)],
      'is SUCCEEDED',
    ],
    ['the end of an undo that has not begun', [started, stepStarted, succeeded, compensated], 'is SUCCEEDED'],
    ['a second beginning of a step', [started, stepStarted, stepStarted], 'the step is EXECUTING'],
    ['a second outcome of a step', [started, stepStarted, rejected, succeeded], 'the step is REJECTED'],
    [
      'an undo of a step that was refused',
      [started, stepStarted, rejected, undoStarted],
      'the step is REJECTED',
    ],
    [
      'repeating a command of another epoch',
      [started, stepStarted, { ...repeated('action', 2), epoch: 1 } as SagaEvent],
      'the step is EXECUTING',
    ],
    ['turning back twice', [started, began, began], 'the saga has turned back already'],
    ['completion on the way back', [started, began, { type: 'SagaCompleted' }], 'the saga is COMPENSATING'],
    ['compensation on the way forward', [started, { type: 'SagaCompensated' }], 'the saga is RUNNING'],
    ['anything after the end', [started, { type: 'SagaCompleted' }, stepStarted], 'the saga is COMPLETED'],
    [
      'an event that does not exist',
      [started, { type: 'Rain', step: 'flight' } as never],
      'there is no such event',
    ],
    [
      'repeating an undo that is parked',
      [started, stepStarted, succeeded, undoStarted, parked, repeated('compensation', 2)],
      'the step is STUCK',
    ],
  ])('%s', (_, events, message) => {
    expect(() => evolveAll(undefined, events)).toThrow(message);
  });
});
