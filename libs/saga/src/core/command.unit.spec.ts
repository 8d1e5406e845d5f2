import { describe, expect, it } from '@jest/globals';
import { commandId, parseCommandId, participantOf } from './command.js';

const sagaId = '0192b6a0-7c1e-7000-8000-000000000001';

describe('a command id', () => {
  it('reads back as what it was made of', () => {
    for (const direction of ['action', 'compensation'] as const) {
      for (const epoch of [0, 1, 42, 999_999_999]) {
        const key = { step: 'flight-2', direction, epoch };
        expect(parseCommandId(commandId(sagaId, key))).toEqual({ sagaId, ...key });
      }
    }
  });

  it.each([
    ['nothing', ''],
    ['another direction', `${sagaId}/flight/sideways/0`],
    ['a negative epoch', `${sagaId}/flight/action/-1`],
    ['an epoch with a leading zero', `${sagaId}/flight/action/01`],
    ['an epoch too large to count', `${sagaId}/flight/action/12345678901`],
    ['no saga', '/flight/action/0'],
    ['more behind it', `${sagaId}/flight/action/0/`],
    ['a line break behind it', `${sagaId}/flight/action/0\n`],
    ['a step in capitals', `${sagaId}/Flight/action/0`],
  ])('is not %s', (_, text) => {
    expect(parseCommandId(text)).toBeUndefined();
  });
});

describe('a command type', () => {
  it('names its participant before the first dot', () => {
    expect(participantOf('flights.reserve')).toBe('flights');
    expect(participantOf('car-rental.cancel.all')).toBe('car-rental');
  });

  it.each(['reserve', 'Flights.reserve', 'flights.', '.reserve', 'flights/reserve', 'flights.reserve '])(
    'can not be "%s"',
    (type) => {
      expect(() => participantOf(type)).toThrow(`The command type "${type}" must read <participant>.<verb>`);
    },
  );
});
