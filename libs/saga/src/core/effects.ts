import { participantOf, type CommandKey } from './command.js';
import { patience, policyOf, stepNamed, type Policies, type SagaDefinition } from './definition.js';
import type { SagaEvent } from './events.js';
import { stepState, type SagaState } from './state.js';

/** A command to be sent. */
export interface Command extends CommandKey {
  readonly participant: string;
  readonly type: string;
  readonly attempt: number;
  /** Of a compensation: the epoch of the action that it undoes. */
  readonly undoes?: number;
  readonly payload: object;
}

/** A deadline to be kept: what it names must be answered within `afterMs`. */
export interface Timer extends CommandKey {
  readonly attempt: number;
  readonly afterMs: number;
}

export interface Effects {
  readonly commands: readonly Command[];
  /** By step; `undefined` takes the step's deadline away. A step has at most one. */
  readonly timers: ReadonlyMap<string, Timer | undefined>;
}

/** What the world has to be told after the events of one decision; `state` is the one after them. */
export function effectsOf(
  definition: SagaDefinition,
  state: SagaState,
  events: readonly SagaEvent[],
  defaults: Policies,
): Effects {
  const commands: Command[] = [];
  const timers = new Map<string, Timer | undefined>();
  const ask = (key: CommandKey, attempt: number) => {
    commands.push(commandOf(definition, state, key, attempt));
    const policy = policyOf(stepNamed(definition, key.step), key.direction, defaults);
    timers.set(key.step, { ...key, attempt, afterMs: patience(policy, attempt) });
  };
  for (const event of events) {
    switch (event.type) {
      case 'StepStarted':
        ask({ step: event.step, direction: 'action', epoch: event.epoch }, 1);
        break;
      case 'StepCompensationStarted':
        ask({ step: event.step, direction: 'compensation', epoch: event.epoch }, 1);
        break;
      case 'CommandRepeated':
        ask({ step: event.step, direction: event.direction, epoch: event.epoch }, event.attempt);
        break;
      case 'StepSucceeded':
      case 'StepRejected':
      case 'StepLeftInDoubt':
      case 'StepCompensated':
      case 'StepParked':
        timers.set(event.step, undefined);
        break;
      default:
        break;
    }
  }
  return { commands, timers };
}

function commandOf(
  definition: SagaDefinition,
  state: SagaState,
  { step, direction, epoch }: CommandKey,
  attempt: number,
): Command {
  const { action, compensation, payload } = stepNamed(definition, step);
  if (direction === 'action') {
    const view = { input: state.input, results: earlierResults(definition, state, step) };
    return { step, direction, epoch, attempt, ...addressOf(action.type), payload: payload(view) };
  }
  const current = stepState(state, step);
  if (!compensation || !('action' in current)) throw new Error(`Step "${step}" can't be undone`);
  return {
    step,
    direction,
    epoch,
    attempt,
    undoes: current.action.epoch,
    ...addressOf(compensation.type),
    payload: {},
  };
}

/** What a step may read: results of the stages before its own, so that each attempt carries the same payload. */
function earlierResults(definition: SagaDefinition, state: SagaState, step: string): Record<string, object> {
  const results: Record<string, object> = {};
  for (const stage of definition.stages) {
    if (stage.some(({ name }) => name === step)) break;
    for (const { name } of stage) {
      const earlier = stepState(state, name);
      if (earlier.status === 'SUCCEEDED') results[name] = earlier.action.result;
    }
  }
  return results;
}

function addressOf(type: string) {
  return { type, participant: participantOf(type) };
}
