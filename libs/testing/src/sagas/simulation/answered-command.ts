import { commandId, type Fact, type SagaInput } from '@clew/saga/core';

/** The id of the command whose outcome a fact tells; none of a fact that tells no outcome. */
export function toldBy(sagaId: string, fact: Fact): string | undefined {
  switch (fact.type) {
    case 'succeeded':
    case 'rejected':
      return commandId(sagaId, { step: fact.step, direction: 'action', epoch: fact.epoch });
    case 'compensated':
    case 'undo-refused':
      return commandId(sagaId, { step: fact.step, direction: 'compensation', epoch: fact.epoch });
    default:
      return undefined;
  }
}

/** The id of the command whose outcome an input is about. */
export function answeredBy(sagaId: string, input: SagaInput): string | undefined {
  if (input.type === 'reply') return commandId(sagaId, input.command);
  return input.type === 'fact' ? toldBy(sagaId, input.fact) : undefined;
}
