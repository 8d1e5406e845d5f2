import type { CommandKey } from './command.js';
import { decide } from './decide.js';
import { DEFAULT_POLICIES, type Policies, type SagaDefinition } from './definition.js';
import type { SagaEvent } from './events.js';
import { evolveAll } from './evolve.js';
import type { SagaInput } from './inputs.js';
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

/** A saga that has been given some inputs, and can be given more. Whatever the decider reads is frozen. */
export function given(definition: SagaDefinition, ...inputs: readonly SagaInput[]) {
  const history: SagaEvent[] = [];
  let state: SagaState | undefined;
  const feed = (input: SagaInput): SagaEvent[] => {
    const events = decide(definition, deepFreeze(state), deepFreeze(input), POLICIES);
    history.push(...events);
    state = evolveAll(state, events);
    return events;
  };
  inputs.forEach(feed);
  return {
    history: history as readonly SagaEvent[],
    get state(): SagaState | undefined {
      return state;
    },
    /** The events that follow from more inputs, in words. */
    when: (...more: readonly SagaInput[]): string[] => more.flatMap(feed).map(inWords),
    /** The status of the saga, then of each step. */
    get stands(): string {
      const steps = definition.stages
        .flat()
        .map(({ name }) => `${name} ${state && stepState(state, name).status}`);
      return [state?.status, ...steps].join(', ');
    },
  };
}

function inWords(event: SagaEvent): string {
  const { type, ...rest } = event;
  const words = [
    type,
    'step' in rest && rest.step,
    'direction' in rest && rest.direction,
    'attempt' in rest && (type === 'CommandRepeated' || rest.attempt > 1) && rest.attempt,
    'key' in rest && rest.key,
    'byHand' in rest && rest.byHand && '(by hand)',
    'because' in rest && `(${rest.because})`,
    'reason' in rest && `(${rest.reason.kind})`,
    'failure' in rest && `(${[rest.failure.step, rest.failure.code].filter(Boolean).join(' ')})`,
  ];
  return words.filter((word) => word !== false).join(' ');
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}
