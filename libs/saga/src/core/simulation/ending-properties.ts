import { commandId } from '../command.js';
import { stepsOf } from '../definition.js';
import type { SagaEvent } from '../events.js';
import { hasEnded, pendingCommand, stepState, type SagaState } from '../state.js';
import type { Property } from './property.js';

export const sagaEnds: Property = {
  name: 'every saga ends, or is STUCK because a participant refused an undo or a retriable step, or was silent',
  flaw: ({ scenario }, { stored: { state } }) => {
    if (!state) return 'it was never written';
    if (hasEnded(state)) return undefined;
    if (state.status !== 'STUCK') return `it is ${state.status} and nothing will move it`;
    const parked = stepsOf(scenario.definition).map((step) => ({ step, now: stepState(state, step.name) }));
    const enough = scenario.policies.compensation.attempts;
    for (const { step, now } of parked) {
      if (now.status !== 'STUCK') continue;
      if (now.reason.kind === 'rejection') {
        if (!now.undo && step.kind !== 'retriable') return `the ${step.kind} step ${step.name} was parked`;
        continue;
      }
      if (!now.undo) return `the action of ${step.name} was parked for silence`;
      if (now.undo.attempt !== enough) return `${step.name} was given up after ${now.undo.attempt} attempts`;
    }
    return parked.some(({ now }) => now.status === 'STUCK') ? undefined : 'it is STUCK without a parked step';
  },
};

export const endStateIsFinal: Property = {
  name: 'an end state never changes',
  flaw: (_, { commits }) => {
    const end = commits.findIndex(({ state }) => hasEnded(state));
    return end < 0 || end === commits.length - 1
      ? undefined
      : `it was ${commits[end]!.state.status}, then came ${commits[end + 1]!.events[0]!.type}`;
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
  flaw: ({ scenario }, { stored: { state } }) => {
    if (!state) return undefined;
    const fitting: Record<string, readonly string[]> = state.failure
      ? { COMPENSATED: ['COMPENSATED', 'REJECTED'], STUCK: ['COMPENSATED', 'REJECTED', 'STUCK'] }
      : { COMPLETED: ['SUCCEEDED'], STUCK: ['SUCCEEDED', 'STUCK', 'PENDING'] };
    for (const { name } of stepsOf(scenario.definition)) {
      const { status } = stepState(state, name);
      const neverBegan = state.failure !== undefined && status === 'PENDING';
      if (!neverBegan && !fitting[state.status]?.includes(status)) {
        return `it is ${state.status} with ${name} ${status}`;
      }
    }
    return undefined;
  },
};

export const failureIsReal: Property = {
  name: 'a saga turns back only for a step that was refused or not answered to the last attempt',
  flaw: ({ scenario }, { stored: { state }, events }) => {
    if (!state?.failure) return undefined;
    const { step } = state.failure;
    const last = scenario.policies.action.attempts;
    const attempts = 1 + events.filter(({ event }) => isRepeatedAction(event, step)).length;
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
  flaw: ({ scenario }, { commits }) => {
    for (const { state, deadlines } of commits) {
      for (const { name } of stepsOf(scenario.definition)) {
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

export const stuckMeansAtRest: Property = {
  name: 'a saga is STUCK only when nothing is awaited any more',
  flaw: ({ scenario }, { commits }) => {
    for (const { state } of commits) {
      if (state.status !== 'STUCK') continue;
      const moving = stepsOf(scenario.definition).find(({ name }) => pendingCommand(state, name));
      if (moving) return `it was STUCK while ${moving.name} was ${stepState(state, moving.name).status}`;
    }
    return undefined;
  },
};

export const lateAnswerEndsParking: Property = {
  name: 'an undo that was parked for silence is parked no longer when its answer comes after all',
  flaw: ({ store }, { sagaId, stored: { state } }) => {
    for (const [step, now] of Object.entries(state?.steps ?? {})) {
      if (now.status !== 'STUCK' || now.reason.kind !== 'silence' || !now.undo) continue;
      const id = commandId(sagaId, { step, direction: 'compensation', epoch: now.undo.epoch });
      if (store.heard.has(id)) return `${step} is parked for silence, but its answer was heard`;
    }
    return undefined;
  },
};
