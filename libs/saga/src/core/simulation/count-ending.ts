import type { SagaState } from '../state.js';
import type { Coverage } from './coverage.js';
import type { SagaRecord } from './saga-record.js';

/** Counts how a saga ended, and what its steps went through. */
export function countEnding(coverage: Coverage, { stored, events }: SagaRecord): void {
  if (stored.state) countStatus(coverage, stored.state);
  const parked = new Set<string>();
  for (const { event } of events) {
    if (event.type === 'StepLeftInDoubt') {
      if (event.because === 'silence') coverage.leftInDoubtBySilence++;
      else coverage.leftInDoubtWhenTurningBack++;
    } else if (event.type === 'StepParked') {
      coverage.stepsParked++;
      parked.add(event.step);
    } else if (event.type === 'StepCompensated' && parked.has(event.step)) {
      coverage.undosAnsweredAfterParking++;
    }
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
