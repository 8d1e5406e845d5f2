import { eventInWords } from '@clew/testing/sagas';
import { decide } from '../decide.js';
import { DEFAULT_POLICIES, stepsOf, type SagaDefinition } from '../definition.js';
import { participantOf } from '../command.js';
import { effectsOf } from '../effects.js';
import type { SagaEvent } from '../events.js';
import { evolveAll } from '../evolve.js';
import type { Operation, Outcome, SagaInput } from '../inputs.js';
import { stepState, type SagaState } from '../state.js';
import { asksOf } from './asks-of.js';
import { topicOf, type Fact } from './fact.js';
import { ownerTopicsOf, topicsOf } from './prompting.js';
import { factOf, reactTo } from './react.js';

const POLICIES = { ...DEFAULT_POLICIES, action: { ...DEFAULT_POLICIES.action, attempts: 2 } };
const soldOut: Outcome = { kind: 'rejected', rejection: { code: 'SOLD_OUT', message: 'No more' } };

/** The step's participant is not there: what it should do stays undone. */
export const AWAY = 'away';

/** Owner and participants of one saga. What one says reaches everybody at once, in the order in which it is said. */
export function perform(
  definition: SagaDefinition,
  behaviour: Readonly<Record<string, 'refuses' | 'refuses-undo' | typeof AWAY>> = {},
) {
  const participants = new Set(stepsOf(definition).map(({ action }) => participantOf(action.type)));
  const said: Fact[] = [];
  const commands: string[] = [];
  const history: SagaEvent[] = [];
  let state: SagaState | undefined;

  const outcomeOf = (step: string, isUndo: boolean): Outcome => {
    if (behaviour[step] === (isUndo ? 'refuses-undo' : 'refuses')) return soldOut;
    return { kind: 'done', result: isUndo ? {} : { by: step } };
  };
  const decideOn = (input: SagaInput): Fact[] => {
    const events = decide(definition, state, input, POLICIES);
    history.push(...events);
    state = evolveAll(state, events);
    if (!state) return [];
    return asksOf(definition, state, input, effectsOf(definition, state, events, POLICIES).commands);
  };
  const act = (participant: string, fact: Fact): Fact[] => {
    return reactTo(definition, participant, fact).flatMap((own) => {
      const { step, direction, epoch } = own.command;
      if (behaviour[step] === AWAY) return [];
      commands.push(`${step} ${direction} ${epoch}`);
      return [factOf(own, outcomeOf(step, direction === 'compensation'))];
    });
  };
  const spread = (...facts: readonly Fact[]): void => {
    const waiting = [...facts];
    for (let fact = waiting.shift(); fact; fact = waiting.shift()) {
      said.push(fact);
      const topic = topicOf(definition.name, fact);
      for (const participant of participants)
        if (topicsOf(definition, participant).includes(topic)) waiting.push(...act(participant, fact));
      if (ownerTopicsOf(definition).includes(topic)) waiting.push(...decideOn({ type: 'fact', fact }));
    }
  };

  return {
    said,
    /** What the participants were made to do, in order. */
    commands,
    spread,
    start: (input: unknown = {}) => spread({ type: 'started', input, results: {} }),
    wish: (operation: Operation) =>
      spread({ type: 'requested', operation, actor: 'ada', reason: 'because', input: {}, results: {} }),
    /** The attempt at a step's action or undo has not been answered in time. */
    silence: (step: string, direction: 'action' | 'compensation', attempt: number) =>
      spread(...decideOn({ type: 'deadline', command: { step, direction, epoch: 0 }, attempt })),
    /** The owner hears a fact, and nobody else does. */
    ownerHears: (fact: Fact) => spread(...decideOn({ type: 'fact', fact })),
    /** The participant of a step comes back, or changes its mind. */
    mend: (step: string) => delete (behaviour as Record<string, unknown>)[step],
    get topics(): string[] {
      return said.map((fact) => topicOf('', fact).slice(1));
    },
    get history(): string[] {
      return history.map(eventInWords);
    },
    get stands(): string {
      const steps = stepsOf(definition).map(
        ({ name }) => `${name} ${state && stepState(state, name).status}`,
      );
      return [state?.status, ...steps].join(', ');
    },
  };
}
