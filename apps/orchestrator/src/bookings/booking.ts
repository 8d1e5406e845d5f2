import {
  stepsOf,
  stepState,
  type HistoryRow,
  type SagaDefinition,
  type SagaRecord,
  type StepState,
} from '@clew/saga';
import type { BookingResponse, StepResponse } from './booking.response.dto.js';

/** A saga as the booking that callers see. The definition gives the order of the steps. */
export function bookingOf(record: SagaRecord, definition: SagaDefinition): BookingResponse {
  const { id, state } = record;
  const self = `/bookings/${id}`;
  return {
    id,
    saga: record.saga,
    version: record.version,
    coordination: record.coordination,
    status: record.status,
    trip: record.input,
    steps: stepsOf(definition).map(({ name }) => stepOf(name, stepState(state, name), record.history)),
    failure: state.failure ? { step: null, ...state.failure } : null,
    createdAt: record.createdAt.toISOString(),
    updatedAt: record.updatedAt.toISOString(),
    endedAt: record.endedAt?.toISOString() ?? null,
    links: { self, history: `${self}/history`, events: `${self}/events`, cancel: `${self}/cancel` },
  };
}

/** Changes whenever the booking does. */
export function entityTagOf(record: SagaRecord): string {
  return `"${record.revision}"`;
}

/** Whether an `If-None-Match` header names the entity tag, compared weakly as RFC 9110 asks for. */
export function namesEntityTag(ifNoneMatch: string | undefined, entityTag: string): boolean {
  const named = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return named.includes('*') || named.includes(entityTag);
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
