import type { Operation } from '@clew/saga/core';
import type { FactMessage, OperationMessage, StartMessage } from './messages.js';
import type { SagaPlan, Scenario } from './scenario.js';

/** How a caller has a saga begin. */
export function startOf({ coordination }: Scenario, { sagaId, input }: SagaPlan): StartMessage | FactMessage {
  if (coordination === 'orchestration') return { kind: 'start', sagaId, input };
  return { kind: 'fact', sagaId, fact: { type: 'started', input, results: {} } };
}

/** How a person says what they wish for a saga. */
export function wishOf(
  { coordination, sagas }: Scenario,
  sagaId: string,
  operation: Operation,
): OperationMessage | FactMessage {
  if (coordination === 'orchestration') return { kind: 'operation', sagaId, operation };
  const input = sagas.find((saga) => saga.sagaId === sagaId)?.input;
  const wish = { operation, actor: 'ada', reason: 'because', input, results: {} };
  return { kind: 'fact', sagaId, fact: { type: 'requested', ...wish } };
}
