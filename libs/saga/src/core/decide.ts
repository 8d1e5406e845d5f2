import { policyOf, stepNamed, stepsOf, type Policies, type SagaDefinition } from './definition.js';
import type { SagaEvent } from './events.js';
import { evolveAll } from './evolve.js';
import type { SagaInput } from './inputs.js';
import { hasEnded, pendingCommand, stepState, type Failure, type SagaState } from './state.js';

type Reply = Extract<SagaInput, { type: 'reply' }>;
type Deadline = Extract<SagaInput, { type: 'deadline' }>;

/**
 * What follows from an input: the events to be recorded, in order; none when the input changes nothing (a late, repeated
 * or foreign reply, a deadline of an attempt that is over, a second start).
 */
export function decide(
  definition: SagaDefinition,
  state: SagaState | undefined,
  input: SagaInput,
  defaults: Policies,
): SagaEvent[] {
  const events = react(definition, state, input, defaults);
  for (let more = events; more.length > 0;) {
    const current = evolveAll(state, events);
    more = current ? advance(definition, current) : [];
    events.push(...more);
  }
  return events;
}

/** The input's own consequences, before the saga moves on. */
function react(
  definition: SagaDefinition,
  state: SagaState | undefined,
  input: SagaInput,
  defaults: Policies,
): SagaEvent[] {
  if (input.type === 'start') return state ? [] : [{ type: 'SagaStarted', input: input.input }];
  if (!state || hasEnded(state)) return [];
  return input.type === 'reply'
    ? onReply(definition, state, input)
    : onDeadline(definition, state, input, defaults);
}

function onReply(definition: SagaDefinition, state: SagaState, { command, outcome }: Reply): SagaEvent[] {
  if (!isAwaited(state, command)) return [];
  const { step, direction } = command;
  if (outcome.kind === 'done') {
    return direction === 'action'
      ? [{ type: 'StepSucceeded', step, result: outcome.result }]
      : [{ type: 'StepCompensated', step }];
  }
  // A compensation and a retriable step have no business saying no: somebody has to look.
  if (direction === 'compensation' || stepNamed(definition, step).kind === 'retriable') {
    return [{ type: 'StepParked', step, reason: { kind: 'rejection', rejection: outcome.rejection } }];
  }
  return [
    { type: 'StepRejected', step, rejection: outcome.rejection },
    ...turnBack(definition, state, {
      step,
      code: outcome.rejection.code,
      message: outcome.rejection.message,
    }),
  ];
}

/** A reply counts only for the very command that is pending, or for an undo that was parked for want of it. */
function isAwaited(state: SagaState, command: Reply['command']): boolean {
  const pending = pendingCommand(state, command.step);
  if (pending) return pending.direction === command.direction && pending.epoch === command.epoch;
  const step = stepState(state, command.step);
  return (
    step.status === 'STUCK' &&
    step.reason.kind === 'silence' &&
    command.direction === 'compensation' &&
    step.undo?.epoch === command.epoch
  );
}

function onDeadline(
  definition: SagaDefinition,
  state: SagaState,
  { command, attempt }: Deadline,
  defaults: Policies,
): SagaEvent[] {
  const pending = pendingCommand(state, command.step);
  if (
    !pending ||
    pending.direction !== command.direction ||
    pending.epoch !== command.epoch ||
    pending.attempt !== attempt
  ) {
    return [];
  }
  const { step, direction, epoch } = command;
  const stepDefinition = stepNamed(definition, step);
  const { attempts } = policyOf(stepDefinition, direction, defaults);
  const givesUp = direction === 'compensation' || stepDefinition.kind === 'compensatable';
  if (attempt < attempts || !givesUp) {
    return [{ type: 'CommandRepeated', step, direction, epoch, attempt: attempt + 1 }];
  }
  if (direction === 'compensation') return [{ type: 'StepParked', step, reason: { kind: 'silence' } }];
  const message = `${stepDefinition.action.type} was not answered in ${attempt} attempts`;
  return [
    { type: 'StepLeftInDoubt', step, because: 'silence' },
    ...turnBack(definition, state, { step, code: 'STEP_TIMED_OUT', message }),
  ];
}

/** The way back begins at once: what is still under way counts as in doubt, and its undo is safe under the fence. */
function turnBack(definition: SagaDefinition, state: SagaState, failure: Failure): SagaEvent[] {
  const abandoned = stepsOf(definition).filter(
    ({ name }) => name !== failure.step && stepState(state, name).status === 'EXECUTING',
  );
  return [
    { type: 'CompensationBegan', failure },
    ...abandoned.map(({ name }) => ({ type: 'StepLeftInDoubt', step: name, because: 'abandoned' }) as const),
  ];
}

/** What the saga does next by itself; nothing while it waits. */
function advance(definition: SagaDefinition, state: SagaState): SagaEvent[] {
  switch (state.status) {
    case 'RUNNING':
      return goForward(definition, state);
    case 'COMPENSATING':
      return goBack(definition, state);
    case 'STUCK':
      // A parked undo whose reply came after all may have been the last one.
      return state.failure && !hasParked(state) ? [{ type: 'SagaCompensated' }] : [];
    case 'COMPLETED':
    case 'COMPENSATED':
      return [];
  }
}

function goForward(definition: SagaDefinition, state: SagaState): SagaEvent[] {
  for (const stage of definition.stages) {
    const members = stage.map(({ name }) => ({ name, status: stepState(state, name).status }));
    const idle = members.filter(({ status }) => status === 'PENDING');
    if (idle.length > 0) return idle.map(({ name }) => ({ type: 'StepStarted', step: name, epoch: 0 }));
    if (members.some(({ status }) => status === 'EXECUTING')) return [];
    if (members.some(({ status }) => status === 'STUCK')) return [{ type: 'SagaStuck' }];
  }
  return [{ type: 'SagaCompleted' }];
}

/** One undo at a time, in reverse order of the definition; a parked one counts as passed. */
function goBack(definition: SagaDefinition, state: SagaState): SagaEvent[] {
  for (const { name } of stepsOf(definition).reverse()) {
    const { status } = stepState(state, name);
    if (status === 'COMPENSATING') return [];
    if (status === 'SUCCEEDED' || status === 'IN_DOUBT') {
      return [{ type: 'StepCompensationStarted', step: name, epoch: 0 }];
    }
  }
  return [{ type: hasParked(state) ? 'SagaStuck' : 'SagaCompensated' }];
}

function hasParked(state: SagaState): boolean {
  return Object.values(state.steps).some(({ status }) => status === 'STUCK');
}
