import { eventInWords } from '@clew/testing/sagas';
import type { Parent } from './child-saga.js';
import type { CommandKey } from './command.js';
import { decide } from './decide.js';
import { DEFAULT_POLICIES, type Policies, type SagaDefinition } from './definition.js';
import type { SagaEvent } from './events.js';
import { evolveAll } from './evolve.js';
import { effectsOf, type Effects } from './effects.js';
import type { Operation, SagaInput } from './inputs.js';
import { judgeOperation, type Verdict } from './operation.js';
import { stepState, type SagaState } from './state.js';

/** The policies of every story: two attempts at an action, three at an undo. */
const POLICIES: Policies = {
  action: { ...DEFAULT_POLICIES.action, attempts: 2 },
  compensation: { ...DEFAULT_POLICIES.compensation, attempts: 3 },
};

export const start: SagaInput = { type: 'start', input: { flightNumber: 'CL100' } };
export const soldOut = { code: 'SOLD_OUT', message: 'No more' };

export const action = (step: string, epoch = 0): CommandKey => ({ step, direction: 'action', epoch });
export const undo = (step: string, epoch = 0): CommandKey => ({ step, direction: 'compensation', epoch });

export const replied = (
  command: CommandKey,
  result: object = { reservationId: command.step },
): SagaInput => ({ type: 'reply', command, outcome: { kind: 'done', result } });

export const replyRefused = (command: CommandKey): SagaInput => ({
  type: 'reply',
  command,
  outcome: { kind: 'rejected', rejection: soldOut },
});

export const done = (step: string) => replied(action(step));
export const refused = (step: string) => replyRefused(action(step));
export const undone = (step: string) => replied(undo(step), {});
export const undoRefused = (step: string) => replyRefused(undo(step));

/** The deadline of one attempt has passed. */
export const silent = (command: CommandKey, attempt: number): SagaInput => ({
  type: 'deadline',
  command,
  attempt,
});

/** All attempts at an action have passed. */
export const silentToTheLast = (step: string) => [silent(action(step), 1), silent(action(step), 2)];

/** All attempts at an undo have passed. */
export const undoSilentToTheLast = (step: string) => [1, 2, 3].map((attempt) => silent(undo(step), attempt));

/** A person's wish. */
export const wish = (operation: Operation) =>
  ({ type: 'operation', operation, actor: 'ada', reason: 'Because' }) as const;

export const retry = (step: string) => wish({ action: 'retry', step });
export const skip = (step: string) => wish({ action: 'skip', step });
export const markDone = (step: string, result?: object) => wish({ action: 'mark-done', step, result });
export const cancel = wish({ action: 'cancel' });

/** The saga that has asked for a child, by its step of that name. */
export const parentOf = (step: string, more: Partial<Parent> = {}): Parent => ({
  sagaId: '0192b6a0-7c1e-7000-8000-000000000002',
  saga: 'parent',
  step,
  epoch: 0,
  replyTo: 'replies',
  ...more,
});
export const startAsChild = (more: Partial<Parent> = {}): SagaInput => ({
  type: 'start',
  input: { flightNumber: 'CL100' },
  parent: parentOf('child', more),
});
export const parentTurnsBack: SagaInput = {
  type: 'undo',
  parent: { ...parentOf('child'), undoEpoch: 0 },
};

export const acquired = (key: string): SagaInput => ({ type: 'lock', key, change: 'acquired' });
export const lost = (key: string): SagaInput => ({ type: 'lock', key, change: 'lost' });
export const sagaSilent: SagaInput = { type: 'saga-deadline' };

/** A saga that has been given some inputs, and can be given more. Whatever the decider reads is frozen. */
export function given(definition: SagaDefinition, ...inputs: readonly SagaInput[]) {
  const history: SagaEvent[] = [];
  let state: SagaState | undefined;
  let effects: Effects = { commands: [], timers: new Map(), locks: { request: [], release: false } };
  const feed = (input: SagaInput): SagaEvent[] => {
    const events = decide(definition, deepFreeze(state), deepFreeze(input), POLICIES);
    history.push(...events);
    state = evolveAll(state, events);
    if (state) effects = effectsOf(definition, state, events, POLICIES);
    return events;
  };
  inputs.forEach(feed);
  return {
    history: history as readonly SagaEvent[],
    get state(): SagaState | undefined {
      return state;
    },
    /** The events that follow from more inputs, in words. */
    when: (...more: readonly SagaInput[]): string[] => more.flatMap(feed).map(eventInWords),
    /** What the world was told after the last input. */
    get effects(): Effects {
      return effects;
    },
    /** What a person's wish would come to. */
    verdictOn: (input: ReturnType<typeof wish>): Verdict => judgeOperation(definition, state!, input),
    /** The status of the saga, then of each step. */
    get stands(): string {
      const steps = definition.stages
        .flat()
        .map(({ name }) => `${name} ${state && stepState(state, name).status}`);
      return [state?.status, ...steps].join(', ');
    },
  };
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}
