import {
  commandId,
  hasEnded,
  isCommitted,
  pendingCommand,
  stepsOf,
  stepState,
  WHOLE_SAGA,
  type SagaEvent,
  type SagaState,
  type StepDefinition,
  type StepState,
} from '@clew/saga/core';
import type { Property } from './property.js';
import type { World } from './world.js';

export const sagaEnds: Property = {
  name: 'every saga ends, or is STUCK because of a refused undo or retriable step, of silence, or of a bug; with an operator it ends',
  flaw: (world, { sagaId, plan, stored: { state } }) => {
    if (!state) return 'it was never written';
    if (hasEnded(state)) return undefined;
    if (world.scenario.hasOperator) return `it is ${state.status} although an operator has seen to it`;
    const steps = stepsOf(plan.definition).map((step) => ({ step, now: stepState(state, step.name) }));
    if (state.status !== 'STUCK') {
      const waits = steps.some(({ step }) => waitsForStuckChild(world, sagaId, state, step.name));
      return waits ? undefined : `it is ${state.status} and nothing will move it`;
    }
    for (const { step, now } of steps) {
      const flaw = parkedFlaw(step, now, plan.policies.compensation.attempts);
      if (flaw) return flaw;
    }
    return steps.some(({ now }) => now.status === 'STUCK') ? undefined : 'it is STUCK without a parked step';
  },
};

function waitsForStuckChild({ cast, store }: World, sagaId: string, state: SagaState, name: string): boolean {
  const step = stepState(state, name);
  if (!pendingCommand(state, name) || !('action' in step) || !step.action) return false;
  if (!cast.actor(sagaId).children.has(name)) return false;
  const child = store.read(cast.childOf(sagaId, name, step.action.epoch)).state;
  return child !== undefined && !hasEnded(child);
}

function parkedFlaw(step: StepDefinition, now: StepState, enough: number): string | undefined {
  if (now.status !== 'STUCK') return undefined;
  switch (now.reason.kind) {
    case 'rejection':
      return now.undo || step.kind === 'retriable'
        ? undefined
        : `the ${step.kind} step ${step.name} was parked`;
    case 'bug':
      return now.undo ? `the undo of ${step.name} was parked for a bug` : undefined;
    case 'silence': {
      if (!now.undo) return `the action of ${step.name} was parked for silence`;
      const attempts = now.undo.attempt - (now.undo.since ?? 1) + 1;
      return attempts === enough ? undefined : `${step.name} was given up after ${attempts} attempts`;
    }
  }
}

export const endStateIsFinal: Property = {
  name: 'an end state never changes, unless the parent of a child that is done turns back',
  flaw: (_, { commits }) => {
    for (const [index, { state }] of commits.entries()) {
      if (!hasEnded(state)) continue;
      const next = commits[index + 1]?.events.find(({ type }) => type !== 'ParentAnsweredAgain');
      if (!next || next.type === 'UndoRequested') continue;
      return `it was ${state.status}, then came ${next.type}`;
    }
    return undefined;
  },
};

export const historyReplays: Property = {
  name: 'the history replays to the stored state',
  flaw: ({ store }, { sagaId, stored }) => {
    let replayed: SagaState | undefined;
    try {
      replayed = store.replay(sagaId);
    } catch (error) {
      return String(error);
    }
    const [one, other] = [JSON.stringify(replayed), JSON.stringify(stored.state)];
    return one === other ? undefined : `replayed ${one}, stored ${other}`;
  },
};

export const endFitsSteps: Property = {
  name: 'the end of a saga fits the ends of its steps',
  flaw: (_, { plan, stored: { state } }) => {
    if (!state) return undefined;
    const fitting: Record<string, readonly string[]> = state.failure
      ? {
          COMPENSATED: ['COMPENSATED', 'REJECTED', 'SKIPPED'],
          STUCK: ['COMPENSATED', 'REJECTED', 'SKIPPED', 'STUCK'],
        }
      : { COMPLETED: ['SUCCEEDED', 'SKIPPED'], STUCK: ['SUCCEEDED', 'SKIPPED', 'STUCK', 'PENDING'] };
    const allowed = fitting[state.status];
    if (!allowed) return undefined;
    for (const { name } of stepsOf(plan.definition)) {
      const { status } = stepState(state, name);
      const neverBegan = state.failure !== undefined && status === 'PENDING';
      if (!neverBegan && !allowed.includes(status)) return `it is ${state.status} with ${name} ${status}`;
    }
    return undefined;
  },
};

const ORDERED_BACK = [
  'CANCELLED',
  'COMPENSATED_BY_OPERATOR',
  'SAGA_TIMED_OUT',
  'LOCK_ORDER',
  'CANCELLED_BEFORE',
  'PARENT_TURNED_BACK',
];

export const failureIsReal: Property = {
  name: 'a saga turns back only for a step that was refused or silent to the last attempt, or because it was told to',
  flaw: (_, { plan, stored: { state }, events }) => {
    if (!state?.failure) return undefined;
    const { step, code } = state.failure;
    if (step === undefined) return ORDERED_BACK.includes(code) ? undefined : `its failure is ${code}`;
    const last = plan.policies.action.attempts;
    // Since it was begun, or since an operator let it try again.
    const begun = events.findLastIndex(({ event }) => event.type === 'StepStarted' && event.step === step);
    const attempts = 1 + events.slice(begun).filter(({ event }) => isRepeatedAction(event, step)).length;
    const cause = events.find(
      ({ event }) =>
        (event.type === 'StepRejected' && event.step === step) ||
        (event.type === 'StepLeftInDoubt' && event.step === step && event.because === 'silence'),
    )?.event.type;
    if (!cause) return `its failure is ${step}, which was neither refused nor silent`;
    return cause === 'StepRejected' || attempts === last
      ? undefined
      : `it gave ${step} up after ${attempts} attempts instead of ${last}`;
  },
};

function isRepeatedAction(event: SagaEvent, step: string): boolean {
  return event.type === 'CommandRepeated' && event.step === step && event.direction === 'action';
}

export const awaitedHasDeadline: Property = {
  name: 'what is awaited has a deadline, and nothing else has one',
  flaw: (_, { plan, commits }) => {
    const { definition } = plan;
    for (const { state, deadlines } of commits) {
      const isTimed =
        definition.timeoutMs !== undefined &&
        !hasEnded(state) &&
        !state.failure &&
        !stepsOf(definition).some(({ name, kind }) => kind !== 'compensatable' && wasAsked(state, name));
      if (isTimed && !deadlines.has(WHOLE_SAGA))
        return `it is ${state.status} and has no deadline as a whole`;
      if (deadlines.has(WHOLE_SAGA) && (hasEnded(state) || state.failure || isCommitted(definition, state)))
        return `it is ${state.status} and still has a deadline as a whole`;
      for (const { name } of stepsOf(definition)) {
        const pending = pendingCommand(state, name);
        const deadline = deadlines.get(name);
        const fits =
          pending?.direction === deadline?.direction &&
          pending?.epoch === deadline?.epoch &&
          pending?.attempt === deadline?.attempt;
        if (!fits) {
          return `${name} awaits ${JSON.stringify(pending)}, its deadline is ${JSON.stringify(deadline)}`;
        }
      }
    }
    return undefined;
  },
};

function wasAsked(state: SagaState, name: string): boolean {
  const step = stepState(state, name);
  return 'action' in step && step.action !== undefined;
}

export const stuckMeansAtRest: Property = {
  name: 'a saga is STUCK only when nothing is awaited any more',
  flaw: (_, { plan, commits }) => {
    for (const { state } of commits) {
      if (state.status !== 'STUCK') continue;
      const moving = stepsOf(plan.definition).find(({ name }) => pendingCommand(state, name));
      if (moving) return `it was STUCK while ${moving.name} was ${stepState(state, moving.name).status}`;
    }
    return undefined;
  },
};

export const lateAnswerEndsParking: Property = {
  name: 'an undo that was parked for silence is parked no longer when its answer comes after all',
  flaw: ({ store }, { sagaId, stored: { state }, events }) => {
    for (const [step, now] of Object.entries(state?.steps ?? {})) {
      if (now.status !== 'STUCK' || now.reason.kind !== 'silence' || !now.undo) continue;
      const id = commandId(sagaId, { step, direction: 'compensation', epoch: now.undo.epoch });
      // In a choreography it may be told before the saga has come to ask for it: that answer doesn't count.
      const begun = events.findLast(
        ({ event }) => event.type === 'StepCompensationStarted' && event.step === step,
      );
      if ((store.heard.get(id) ?? -1) >= (begun?.at ?? 0))
        return `${step} is parked for silence, but its answer was heard`;
    }
    return undefined;
  },
};
