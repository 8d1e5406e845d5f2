import { stepsOf, type SagaDefinition } from '../definition.js';
import type { Command } from '../effects.js';
import type { SagaInput } from '../inputs.js';
import { stepState, type SagaState } from '../state.js';
import type { Fact, Knowledge, UndoToCome, WayBack } from './fact.js';
import { isPrompted } from './prompting.js';

/**
 * What the owner has to say after a decision, so that the commands in it are carried out: nothing of those whose participants
 * know by themselves that it is their turn, as they have heard the same fact. To ask once too often does no harm.
 */
export function asksOf(
  definition: SagaDefinition,
  state: SagaState,
  input: SagaInput,
  commands: readonly Command[],
): Fact[] {
  const fact = input.type === 'fact' ? input.fact : undefined;
  return commands
    .filter((command) => !(fact && knowsByItself(definition, state, fact, command)))
    .map((command) => askFor(definition, state, command));
}

function knowsByItself(
  definition: SagaDefinition,
  state: SagaState,
  fact: Fact,
  { step, direction }: Command,
): boolean {
  if (direction === 'compensation') return 'rest' in fact && fact.rest[0]?.step === step;
  const isHeard = fact.type === 'started' || fact.type === 'succeeded';
  return isHeard && isPrompted(definition, state, step);
}

function askFor(definition: SagaDefinition, state: SagaState, command: Command): Fact {
  const { step, direction, epoch, attempt, undoes = 0 } = command;
  if (direction === 'action')
    return { type: 'asked', step, epoch, attempt, ...knowledgeOf(definition, state) };
  return { type: 'undo-asked', step, epoch, attempt, undoes, ...wayBackOf(definition, state, step) };
}

function knowledgeOf(definition: SagaDefinition, state: SagaState): Knowledge {
  const results: Record<string, object> = {};
  for (const { name } of stepsOf(definition)) {
    const step = stepState(state, name);
    if (step.status === 'SUCCEEDED') results[name] = step.action.result;
  }
  return { input: state.input, results };
}

/** What is undone after a step; what an operator has to see to, or has let try again, is asked for when its turn comes. */
function wayBackOf(definition: SagaDefinition, state: SagaState, from: string): WayBack {
  const undone: string[] = [];
  const rest: UndoToCome[] = [];
  for (const { name } of stepsOf(definition).reverse()) {
    const step = stepState(state, name);
    if (name === from) continue;
    if (step.status === 'COMPENSATED') undone.push(name);
    const isToCome = step.status === 'SUCCEEDED' || (step.status === 'IN_DOUBT' && !step.undo);
    if (isToCome) rest.push({ step: name, undoes: step.action.epoch });
  }
  return { undone, rest };
}
