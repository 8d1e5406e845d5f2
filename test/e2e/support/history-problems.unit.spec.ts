import { describe, expect, it } from '@jest/globals';
import type { Booking, Transition } from './gateway.js';
import { historyProblems } from './history-problems.js';

type Line = [revision: number, type: string, step?: string, details?: object];

const booking = (status: string) =>
  ({ id: 'b', status, steps: [{ name: 'flight' }, { name: 'hotel' }] }) as unknown as Booking;
const transitions = (lines: readonly Line[]) =>
  lines.map(
    ([revision, type, step, details = {}], index) =>
      ({ sequence: index + 1, revision, type, step: step ?? null, details }) as unknown as Transition,
  );
const again = (attempt: number, direction = 'action') => ({ attempt, direction });

const undone: readonly Line[] = [
  [1, 'SagaStarted'],
  [1, 'StepStarted', 'flight'],
  [2, 'CommandRepeated', 'flight', again(2)],
  [3, 'StepSucceeded', 'flight'],
  [3, 'StepStarted', 'hotel'],
  [4, 'StepRejected', 'hotel'],
  [4, 'CompensationBegan'],
  [4, 'StepCompensationStarted', 'flight'],
  [5, 'CommandRepeated', 'flight', again(2, 'compensation')],
  [6, 'StepCompensated', 'flight'],
  [6, 'SagaCompensated'],
];
const change = (at: number, removed: number, ...lines: Line[]) =>
  transitions(undone.toSpliced(at, removed, ...lines));

describe('the problems of a history', () => {
  it('are none if every transition was made once, on the one before', () => {
    expect(historyProblems(booking('COMPENSATED'), transitions(undone))).toEqual([]);
  });

  it.each<[string, readonly Transition[], string]>([
    ['a gap in the revisions', change(2, 1), 'revisions have gaps'],
    ['an outcome twice', change(4, 0, [3, 'StepSucceeded', 'flight']), 'StepSucceeded when to be undone'],
    ['an outcome after another', change(6, 0, [4, 'StepSucceeded', 'hotel']), 'StepSucceeded when over'],
    ['an undo twice', change(10, 0, [6, 'StepCompensated', 'flight']), 'StepCompensated when over'],
    ['an undo of what was refused', change(10, 0, [6, 'StepCompensationStarted', 'hotel']), 'when over'],
    ['an attempt twice', change(3, 0, [2, 'CommandRepeated', 'flight', again(2)]), 'attempt 2 after 2'],
    ['an end twice', change(10, 0, [6, 'SagaCompensated']), 'ends with'],
    ['two starts', change(1, 0, [1, 'SagaStarted']), 'not begun once'],
    ['a way back begun twice', change(7, 0, [4, 'CompensationBegan']), 'turn back once'],
  ])('name %s', (_case, history, problem) => {
    expect(historyProblems(booking('COMPENSATED'), history).join('\n')).toContain(problem);
  });

  it('name a booking that says something else', () => {
    const problems = historyProblems(booking('COMPLETED'), transitions(undone));
    expect(problems.join('\n')).toContain('it is COMPLETED and ends with SagaCompensated');
  });
});
