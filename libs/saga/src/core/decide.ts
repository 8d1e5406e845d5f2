import { advance } from './advance.js';
import { inputsOf } from './choreography/inputs-of.js';
import { findStep, isGivenUp, policyOf, type Policies, type SagaDefinition } from './definition.js';
import type { SagaEvent } from './events.js';
import { evolveAll } from './evolve.js';
import type { SagaInput } from './inputs.js';
import { judgeOperation } from './operation.js';
import { onUndo, onStart } from './parent-and-child.js';
import {
  firstAttempt,
  hasEnded,
  isInDoubtForBug,
  isParkedForBug,
  isParkedUndo,
  pendingCommand,
  stepState,
  type SagaState,
} from './state.js';
import { payloadBug } from './step-view.js';
import { isCommitted, turnBack } from './turn-back.js';

type InputOf<Type extends SagaInput['type']> = Extract<SagaInput, { type: Type }>;

/**
 * What follows from an input: the events to be recorded, in order; none when the input changes nothing (a late, repeated
 * or foreign reply, a deadline of an attempt that is over, a second start, an operation that is refused).
 */
export function decide(
  definition: SagaDefinition,
  state: SagaState | undefined,
  input: SagaInput,
  defaults: Policies,
): SagaEvent[] {
  if (input.type === 'fact')
    return decideAll(definition, state, inputsOf(definition, state, input.fact), defaults);
  const events = react(definition, state, input, defaults);
  for (let more = events; more.length > 0;) {
    const current = evolveAll(state, events);
    more = current ? advance(definition, current) : [];
    events.push(...more);
  }
  return events;
}

function decideAll(
  definition: SagaDefinition,
  state: SagaState | undefined,
  inputs: readonly SagaInput[],
  defaults: Policies,
): SagaEvent[] {
  let current = state;
  return inputs.flatMap((input) => {
    const events = decide(definition, current, input, defaults);
    current = evolveAll(current, events);
    return events;
  });
}

/** The input's own consequences, before the saga moves on. */
function react(
  definition: SagaDefinition,
  state: SagaState | undefined,
  input: Exclude<SagaInput, { type: 'fact' }>,
  defaults: Policies,
): SagaEvent[] {
  if (input.type === 'start') return onStart(definition, state, input);
  if (input.type === 'undo') return onUndo(definition, state, input.parent);
  if (!state || hasEnded(state)) return [];
  switch (input.type) {
    case 'reply':
      return onReply(definition, state, input);
    case 'deadline':
      return onDeadline(definition, state, input, defaults);
    case 'saga-deadline':
      return onSagaDeadline(definition, state);
    case 'lock':
      return onLock(state, input);
    case 'operation': {
      const verdict = judgeOperation(definition, state, input);
      return verdict.kind === 'accepted' ? [...verdict.events] : [];
    }
  }
}

function onReply(
  definition: SagaDefinition,
  state: SagaState,
  { command, outcome }: InputOf<'reply'>,
): SagaEvent[] {
  const definedStep = findStep(definition, command.step);
  if (!definedStep || !isAwaited(state, command)) return [];
  const { step, direction } = command;
  if (outcome.kind === 'done') {
    return direction === 'action'
      ? [{ type: 'StepSucceeded', step, result: outcome.result }]
      : [{ type: 'StepCompensated', step }];
  }
  const { rejection } = outcome;
  // A compensation and a retriable step have no business saying no: somebody has to look.
  if (direction === 'compensation' || definedStep.kind === 'retriable') {
    return [{ type: 'StepParked', step, reason: { kind: 'rejection', rejection } }];
  }
  const { code, message } = rejection;
  return [
    { type: 'StepRejected', step, rejection },
    ...turnBack(definition, state, { step, code, message }, { refused: true }),
  ];
}

/** A reply counts only for the very command that is pending, or for one that was parked for want of it. */
function isAwaited(state: SagaState, command: InputOf<'reply'>['command']): boolean {
  const pending = pendingCommand(state, command.step);
  if (pending) return pending.direction === command.direction && pending.epoch === command.epoch;
  const step = stepState(state, command.step);
  if (command.direction === 'action') {
    // In a choreography the participant may have come before the bug, or have another release.
    const mayBeAnswered = state.coordination ? isParkedForBug(step) : isInDoubtForBug(step);
    return mayBeAnswered && command.epoch === (('action' in step && step.action?.epoch) || 0);
  }
  if (!('undo' in step) || step.undo?.epoch !== command.epoch) return false;
  const isParkedForSilence = isParkedUndo(step) && 'reason' in step && step.reason.kind === 'silence';
  return isParkedForSilence || (step.status === 'IN_DOUBT' && step.undo.attempt > 0);
}

function onDeadline(
  definition: SagaDefinition,
  state: SagaState,
  { command, attempt }: InputOf<'deadline'>,
  defaults: Policies,
): SagaEvent[] {
  const pending = pendingCommand(state, command.step);
  const definedStep = findStep(definition, command.step);
  if (
    !definedStep ||
    pending?.direction !== command.direction ||
    pending.epoch !== command.epoch ||
    pending.attempt !== attempt
  ) {
    return [];
  }
  const { step, direction, epoch } = command;
  const { attempts } = policyOf(definedStep, direction, defaults);
  const givesUp = direction === 'compensation' || isGivenUp(definedStep);
  if (!givesUp || attempt - attemptsBefore(state, step) < attempts) {
    const bug = direction === 'action' ? payloadBug(definition, state, definedStep) : undefined;
    if (bug) return [{ type: 'StepParked', step, reason: bug }];
    return [{ type: 'CommandRepeated', step, direction, epoch, attempt: attempt + 1 }];
  }
  if (direction === 'compensation') return [{ type: 'StepParked', step, reason: { kind: 'silence' } }];
  const message = `${definedStep.action.type} was not answered in ${attempt} attempts`;
  return [
    { type: 'StepLeftInDoubt', step, because: 'silence' },
    ...turnBack(definition, state, { step, code: 'STEP_TIMED_OUT', message }),
  ];
}

/** Attempts before an operator let it try again. */
function attemptsBefore(state: SagaState, name: string): number {
  return firstAttempt(stepState(state, name)) - 1;
}

/** Turns back unless it is too late: what can't be undone is seen through however long it takes. */
function onSagaDeadline(definition: SagaDefinition, state: SagaState): SagaEvent[] {
  if (state.failure || isCommitted(definition, state)) return [];
  const message = `The saga had not ended after ${definition.timeoutMs} ms`;
  return turnBack(definition, state, { code: 'SAGA_TIMED_OUT', message });
}

function onLock({ locks }: SagaState, { key, change }: InputOf<'lock'>): SagaEvent[] {
  if (!locks) return [];
  if (change === 'acquired') {
    const isAwaited = locks.waiting && locks.keys[locks.taken] === key;
    return isAwaited ? [{ type: 'LockAcquired', key }] : [];
  }
  const isHeld = locks.keys.slice(0, locks.taken).includes(key) && !locks.lost?.includes(key);
  return isHeld ? [{ type: 'LockLost', key }] : [];
}
