import {
  stepsOf,
  stepState,
  type HistoryRow,
  type SagaDefinition,
  type SagaRecord,
  type StepState,
} from '@clew/saga';
import type { FailureResponse, StepResponse } from './saga.response.dto.js';

/** The steps of a saga as callers see them. The definition gives their order. */
export function stepsOfSaga(record: SagaRecord, definition: SagaDefinition): StepResponse[] {
  return stepsOf(definition).map(({ name }) => stepOf(name, stepState(record.state, name), record.history));
}

export function failureOf({ state }: SagaRecord): FailureResponse | null {
  return state.failure ? { step: null, ...state.failure } : null;
}

function stepOf(name: string, step: StepState, history: readonly HistoryRow[]): StepResponse {
  const action = 'action' in step ? step.action : undefined;
  const { startedAt, changedAt } = timesOf(name, history);
  return {
    name,
    status: step.status,
    attempts: action?.attempt ?? 0,
    startedAt: startedAt?.toISOString() ?? null,
    endedAt: (isOver(step) && changedAt?.toISOString()) || null,
    result: action?.result ?? null,
    rejection: rejectionOf(step),
  };
}

/** Nothing more happens to the step unless the saga turns back. A step in doubt is still to be undone. */
function isOver({ status }: StepState): boolean {
  return status === 'SUCCEEDED' || status === 'REJECTED' || status === 'COMPENSATED' || status === 'SKIPPED';
}

function rejectionOf(step: StepState): StepResponse['rejection'] {
  if (step.status === 'REJECTED') return { ...step.rejection };
  if (step.status === 'STUCK' && step.reason.kind === 'rejection') return { ...step.reason.rejection };
  return null;
}

function timesOf(name: string, history: readonly HistoryRow[]): { startedAt?: Date; changedAt?: Date } {
  const times: { startedAt?: Date; changedAt?: Date } = {};
  for (const { at, entries } of history) {
    for (const { event } of entries) {
      if (!('step' in event) || event.step !== name) continue;
      times.startedAt ??= at;
      times.changedAt = at;
    }
  }
  return times;
}
