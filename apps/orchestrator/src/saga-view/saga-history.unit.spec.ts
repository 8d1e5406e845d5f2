import { describe, expect, it } from '@jest/globals';
import type { HistoryRow } from '@clew/saga';
import { transitionsOf } from './saga-history.js';

const id = '0192f0c1-2b3c-7d4e-8f90-123456789abc';
const second = (s: number) => new Date(Date.UTC(2026, 0, 1, 12, 0, s));
const at = (s: number) => second(s).toISOString();

describe('a history', () => {
  it('lists every transition in order, with what caused it and which command it sent', () => {
    const nothingElse = { messageId: null, attempt: null, action: null, actor: null, reason: null };
    const history: HistoryRow[] = [
      {
        revision: 1,
        at: second(1),
        entries: [
          { event: { type: 'SagaStarted', input: { secret: true } }, cause: { kind: 'request' } },
          {
            event: { type: 'StepStarted', step: 'flight', epoch: 0, attempt: 1 },
            cause: { kind: 'request' },
          },
        ],
      },
      {
        revision: 2,
        at: second(2),
        entries: [
          {
            event: { type: 'CommandRepeated', step: 'flight', direction: 'action', epoch: 0, attempt: 2 },
            cause: { kind: 'deadline', attempt: 1 },
          },
        ],
      },
      {
        revision: 3,
        at: second(3),
        entries: [
          {
            event: { type: 'StepSucceeded', step: 'flight', result: { reservationId: 'r-1' } },
            cause: { kind: 'reply', messageId: 'm-1' },
          },
        ],
      },
    ];

    expect(transitionsOf(id, history)).toEqual([
      {
        sequence: 1,
        revision: 1,
        at: at(1),
        type: 'SagaStarted',
        step: null,
        details: {},
        messageId: null,
        cause: { ...nothingElse, kind: 'request' },
      },
      {
        sequence: 2,
        revision: 1,
        at: at(1),
        type: 'StepStarted',
        step: 'flight',
        details: { epoch: 0, attempt: 1 },
        messageId: `${id}/flight/action/0`,
        cause: { ...nothingElse, kind: 'request' },
      },
      {
        sequence: 3,
        revision: 2,
        at: at(2),
        type: 'CommandRepeated',
        step: 'flight',
        details: { direction: 'action', epoch: 0, attempt: 2 },
        messageId: `${id}/flight/action/0`,
        cause: { ...nothingElse, kind: 'deadline', attempt: 1 },
      },
      {
        sequence: 4,
        revision: 3,
        at: at(3),
        type: 'StepSucceeded',
        step: 'flight',
        details: { result: { reservationId: 'r-1' } },
        messageId: null,
        cause: { ...nothingElse, kind: 'reply', messageId: 'm-1' },
      },
    ]);
  });
});
