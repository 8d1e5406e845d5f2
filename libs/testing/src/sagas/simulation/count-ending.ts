import type { SagaEvent, SagaState } from '@clew/saga/core';
import type { Coverage } from './coverage.js';
import type { Ledger } from './ledger.js';
import type { SagaRecord } from './saga-record.js';

/** Counts how a saga ended, and what its steps went through. */
export function countEnding(
  coverage: Coverage,
  ledger: Ledger,
  { sagaId, stored, events, plan }: SagaRecord,
): void {
  if (stored.state) countStatus(coverage, stored.state);
  if (plan.parent) coverage.childrenStarted++;
  const begun = new Map<string, number>();
  for (const { event, at } of events) if (event.type === 'StepStarted') begun.set(event.step, at);
  for (const { sagaId: id, direction, step, at } of ledger.effects)
    if (id === sagaId && direction === 'action' && at < (begun.get(step) ?? Infinity))
      coverage.actionsUnheard++;
  const parked = new Set<string>();
  const asked = new Set<string>();
  for (const { event } of events) {
    count(coverage, event);
    if (event.type === 'StepStarted') asked.add(event.step);
    if (event.type === 'StepParked' && event.reason.kind === 'bug' && asked.has(event.step))
      coverage.bugsParkedWhileAsked++;
    if (event.type === 'StepParked') parked.add(event.step);
    if (event.type === 'StepCompensated' && parked.has(event.step)) coverage.undosAnsweredAfterParking++;
  }
  const end = events.findIndex(({ event }) => event.type === 'SagaCompleted');
  if (end >= 0 && events.slice(end).some(({ event }) => event.type === 'CompensationBegan'))
    coverage.childrenTurnedBackAfterTheirEnd++;
}

function count(coverage: Coverage, event: SagaEvent): void {
  switch (event.type) {
    case 'StepLeftInDoubt':
      if (event.because === 'silence') coverage.leftInDoubtBySilence++;
      else if (event.because === 'unheard') coverage.leftInDoubtUnheard++;
      else coverage.leftInDoubtWhenTurningBack++;
      break;
    case 'StepParked':
      coverage.stepsParked++;
      if (event.reason.kind === 'bug') coverage.bugsParked++;
      break;
    case 'StepUnparked':
      coverage.stepsUnparked++;
      break;
    case 'StepSkipped':
      if (event.because === 'operator') coverage.stepsSkippedByOperator++;
      if (event.because === 'condition') coverage.stepsSkippedByCondition++;
      break;
    case 'StepSucceeded':
    case 'StepCompensated':
      if (event.byHand) coverage.stepsDoneByHand++;
      break;
    case 'CompensationBegan': {
      const { code } = event.failure;
      if (code === 'CANCELLED' || code === 'COMPENSATED_BY_OPERATOR') coverage.cancelled++;
      if (code === 'SAGA_TIMED_OUT') coverage.timedOutAsAWhole++;
      if (code === 'LOCK_ORDER') coverage.locksOutOfOrder++;
      if (code === 'CANCELLED_BEFORE') coverage.childrenKeptFromBeginning++;
      break;
    }
    case 'UndoRequested':
      coverage.childrenUndone++;
      break;
    case 'ParentAnsweredAgain':
      coverage.parentsAnsweredAgain++;
      break;
    default:
      break;
  }
}

function countStatus(coverage: Coverage, { status, steps }: SagaState): void {
  if (status === 'COMPLETED') coverage.completed++;
  if (status === 'COMPENSATED') coverage.compensated++;
  if (status !== 'STUCK') return;
  const bySilence = Object.values(steps).some(
    (step) => step.status === 'STUCK' && step.reason.kind === 'silence',
  );
  if (bySilence) coverage.stuckBySilence++;
  else coverage.stuckByRejection++;
}
