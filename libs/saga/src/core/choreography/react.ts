import { advance } from '../advance.js';
import { participantOf } from '../command.js';
import { stepNamed, type SagaDefinition } from '../definition.js';
import { commandOf, type Command } from '../effects.js';
import { evolveAll } from '../evolve.js';
import type { Outcome } from '../inputs.js';
import { pendingCommand, type SagaState, type StepState } from '../state.js';
import type { Fact, Knowledge, WayBack } from './fact.js';
import { isPrompted, stageOf } from './prompting.js';

/** A command that a participant gives itself, with what it has to pass on when it says how that went. */
export interface OwnCommand {
  readonly command: Command;
  readonly aware: Knowledge | WayBack;
}

/** What a participant does when it hears a fact: its own steps whose turn has come. */
export function reactTo(definition: SagaDefinition, participant: string, fact: Fact): OwnCommand[] {
  switch (fact.type) {
    case 'started':
    case 'succeeded':
      return begin(definition, participant, fact);
    case 'asked': {
      const { step, epoch, attempt } = fact;
      if (!isOwn(definition, participant, step)) return [];
      const key = { step, direction: 'action', epoch } as const;
      return [
        { command: commandOf(definition, stateFrom(definition, fact, step), key, attempt), aware: fact },
      ];
    }
    case 'undo-asked':
      return isOwn(definition, participant, fact.step) ? [undo(definition, fact, fact)] : [];
    case 'compensated':
    case 'undo-refused': {
      const [next, ...rest] = fact.rest;
      if (!next || !isOwn(definition, participant, next.step)) return [];
      return [undo(definition, { ...next, epoch: 0, attempt: 1 }, { undone: fact.undone, rest })];
    }
    case 'rejected':
    case 'requested':
      return [];
  }
}

/** What a participant says of a command of its own once it knows how that went. */
export function factOf({ command, aware }: OwnCommand, outcome: Outcome): Fact {
  const { step, epoch, direction } = command;
  if (direction === 'action') {
    const { input, results } = aware as Knowledge;
    return outcome.kind === 'done'
      ? { type: 'succeeded', step, epoch, input, results: { ...results, [step]: outcome.result } }
      : { type: 'rejected', step, epoch, input, results, rejection: outcome.rejection };
  }
  const { undone, rest } = aware as WayBack;
  return outcome.kind === 'done'
    ? { type: 'compensated', step, epoch, undone: [...undone, step], rest }
    : { type: 'undo-refused', step, epoch, undone, rest, rejection: outcome.rejection };
}

function begin(
  definition: SagaDefinition,
  participant: string,
  fact: Extract<Fact, { type: 'started' | 'succeeded' }>,
): OwnCommand[] {
  const { input, results } = fact;
  let state = stateFrom(definition, fact, fact.type === 'succeeded' ? fact.step : undefined);
  const begun: string[] = [];
  for (let events = advance(definition, state); events.length > 0; events = advance(definition, state)) {
    state = evolveAll(state, events)!;
    for (const event of events) if (event.type === 'StepStarted') begun.push(event.step);
  }
  return begun
    .filter((step) => isOwn(definition, participant, step) && isPrompted(definition, state, step))
    .map((step) => ({
      command: commandOf(definition, state, pendingCommand(state, step)!, 1),
      aware: { input, results },
    }));
}

/**
 * The saga as far as a fact tells of it: what lies before the step that it is about is over. What lies before and has no
 * result was skipped, or the step couldn't have begun.
 */
function stateFrom(definition: SagaDefinition, { input, results }: Knowledge, about?: string): SagaState {
  const reached = about === undefined ? 0 : stageOf(definition, about);
  const steps: Record<string, StepState> = {};
  for (const [index, stage] of definition.stages.entries()) {
    for (const { name } of stage) {
      const result = Object.hasOwn(results, name) ? results[name] : undefined;
      if (result) steps[name] = { status: 'SUCCEEDED', action: { epoch: 0, attempt: 1, result } };
      else if (index < reached) steps[name] = { status: 'SKIPPED', because: 'condition' };
    }
  }
  return { status: 'RUNNING', coordination: 'choreography', input, steps };
}

function undo(
  definition: SagaDefinition,
  { step, undoes, epoch, attempt }: { step: string; undoes: number; epoch: number; attempt: number },
  { undone, rest }: WayBack,
): OwnCommand {
  const { compensation } = stepNamed(definition, step);
  if (!compensation) throw new Error(`Step "${step}" can't be undone`);
  const { type } = compensation;
  const key = { step, direction: 'compensation', epoch, attempt, undoes } as const;
  return {
    command: { ...key, type, participant: participantOf(type), payload: {} },
    aware: { undone, rest },
  };
}

/** Throws when the definition has no such step: whoever said this has another definition. */
function isOwn(definition: SagaDefinition, participant: string, step: string): boolean {
  return participantOf(stepNamed(definition, step).action.type) === participant;
}
