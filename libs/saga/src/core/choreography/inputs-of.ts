import { stepsOf, type SagaDefinition } from '../definition.js';
import type { Direction } from '../command.js';
import type { Outcome, SagaInput } from '../inputs.js';
import { stepState, type SagaState } from '../state.js';
import type { Fact } from './fact.js';

const UNDONE: Outcome = { kind: 'done', result: {} };

/**
 * What a fact comes to for the owner, in order. Facts overtake one another, and whoever speaks knows what came before: so the
 * owner learns from the later one what the earlier one would have told. What it has heard already changes nothing.
 */
export function inputsOf(
  definition: SagaDefinition,
  state: SagaState | undefined,
  fact: Fact,
): Exclude<SagaInput, { type: 'fact' }>[] {
  const reply = (step: string, direction: Direction, outcome: Outcome) =>
    ({
      type: 'reply',
      command: { step, direction, epoch: epochOf(state, step, direction) },
      outcome,
    }) as const;
  if (!('input' in fact)) {
    const earlier = fact.undone
      .filter((step) => step !== fact.step)
      .map((step) => reply(step, 'compensation', UNDONE));
    return [...earlier, ...ownInputs(fact)];
  }
  const { input, results } = fact;
  const earlier = stepsOf(definition).flatMap(({ name }) => {
    const result = Object.hasOwn(results, name) ? results[name] : undefined;
    const isOwn = 'step' in fact && fact.step === name;
    return result && !isOwn ? [reply(name, 'action', { kind: 'done', result })] : [];
  });
  return [{ type: 'start', input, coordination: 'choreography' }, ...earlier, ...ownInputs(fact)];
}

function ownInputs(fact: Fact): Exclude<SagaInput, { type: 'fact' }>[] {
  const reply = (
    { step, epoch }: { step: string; epoch: number },
    direction: Direction,
    outcome: Outcome,
  ) => [{ type: 'reply', command: { step, direction, epoch }, outcome } as const];
  switch (fact.type) {
    case 'succeeded':
      return reply(fact, 'action', { kind: 'done', result: fact.results[fact.step] ?? {} });
    case 'rejected':
      return reply(fact, 'action', { kind: 'rejected', rejection: fact.rejection });
    case 'compensated':
      return reply(fact, 'compensation', UNDONE);
    case 'undo-refused':
      return reply(fact, 'compensation', { kind: 'rejected', rejection: fact.rejection });
    case 'requested': {
      const { operation, actor, reason } = fact;
      return [{ type: 'operation', operation, actor, reason }];
    }
    case 'started':
    case 'asked':
    case 'undo-asked':
      return [];
  }
}

/** Of a command that the speaker has seen answered: the one that is awaited, as there is no other before it is. */
function epochOf(state: SagaState | undefined, name: string, direction: Direction): number {
  const step = state && stepState(state, name);
  if (!step) return 0;
  if (direction === 'action') return ('action' in step && step.action?.epoch) || 0;
  return ('undo' in step && step.undo?.epoch) || 0;
}
