import { commandId, type Outcome } from '@clew/saga/core';
import type { FactMessage, ReplyMessage } from './messages.js';
import type { Scenario } from './scenario.js';

const NEVER_SENT = 7;
const REJECTED: Outcome = { kind: 'rejected', rejection: { code: 'FORGED', message: 'Nobody has asked' } };
const DONE: Outcome = { kind: 'done', result: { forged: true } };

/** The answer to a command that was never sent. */
export function forgedAnswer(
  { coordination }: Scenario,
  sagaId: string,
  step: string,
  isUndo: boolean,
  isRejected: boolean,
): ReplyMessage | FactMessage {
  const outcome = isRejected ? REJECTED : DONE;
  const about = { step, epoch: NEVER_SENT };
  if (coordination === 'orchestration') {
    const direction = isUndo ? 'compensation' : 'action';
    return { kind: 'reply', id: commandId(sagaId, { ...about, direction }), outcome };
  }
  const wayBack = { ...about, undone: [], rest: [] };
  const forward = { ...about, input: {}, results: {} };
  return {
    kind: 'fact',
    sagaId,
    fact:
      outcome.kind === 'rejected'
        ? isUndo
          ? { type: 'undo-refused', ...wayBack, rejection: outcome.rejection }
          : { type: 'rejected', ...forward, rejection: outcome.rejection }
        : isUndo
          ? { type: 'compensated', ...wayBack }
          : { type: 'succeeded', ...forward, results: { [step]: outcome.result } },
  };
}
