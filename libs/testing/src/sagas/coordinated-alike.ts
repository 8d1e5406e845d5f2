import { stepsOf, stepState, type Command, type SagaState } from '@clew/saga/core';
import { inText } from './mismatch.js';
import { keyOf, type SagaRun } from './saga-run.js';

/**
 * In what a choreographed run differs from the orchestrated one, as a sentence; `undefined` when both do the same. A step
 * that an orchestrator knows not to have begun may be undone in a choreography: nobody notices.
 */
export function differenceOf(orchestrated: SagaRun, choreographed: SagaRun): string | undefined {
  return (
    differentCommands(orchestrated, choreographed) ??
    differentStates(orchestrated.definition.name, orchestrated, choreographed)
  );
}

function differentCommands(orchestrated: SagaRun, choreographed: SagaRun): string | undefined {
  const [sent, begun] = [commandsOf(orchestrated), commandsOf(choreographed)];
  for (const [key, { type, payload }] of sent) {
    const own = begun.get(key);
    if (!own) return `an orchestrator sends ${type} (${key}), but choreographed nobody carries that out`;
    const [one, other] = [inText(payload), inText(own.payload)];
    if (one !== other)
      return `an orchestrator sends ${type} with ${one}, but choreographed it is carried out with ${other}`;
  }
  for (const [key, { type }] of begun)
    if (!sent.has(key)) return `choreographed, ${type} (${key}) is carried out, but no orchestrator sends it`;
  return undefined;
}

function commandsOf({ sent }: SagaRun): ReadonlyMap<string, Command> {
  return new Map(sent.map(({ command }) => [keyOf(command), command]));
}

function differentStates(saga: string, orchestrated: SagaRun, choreographed: SagaRun): string | undefined {
  const [one, other] = [orchestrated.state, choreographed.state];
  if (!one || !other) return one === other ? undefined : `choreographed, saga ${saga} has not begun`;
  if (one.status !== other.status)
    return `orchestrated, the saga is ${one.status}, but choreographed it is ${other.status}`;
  const [why, whyElse] = [inText(one.failure), inText(other.failure)];
  if (why !== whyElse) return `orchestrated, its failure is ${why}, but choreographed it is ${whyElse}`;
  for (const { name } of stepsOf(orchestrated.definition)) {
    const [standing, otherwise] = [one, other].map((state) => stepState(state, name).status);
    if (standing !== otherwise && !isUndoneUnheard(one, other, name))
      return `orchestrated, step "${name}" is ${standing}, but choreographed it is ${otherwise}`;
  }
  return undefined;
}

function isUndoneUnheard(orchestrated: SagaState, choreographed: SagaState, name: string): boolean {
  const step = stepState(orchestrated, name);
  const hasNeverBegun =
    step.status === 'PENDING' || (step.status === 'SKIPPED' && step.because === 'abandoned');
  const unheard = ['IN_DOUBT', 'COMPENSATING', 'COMPENSATED'].includes(stepState(choreographed, name).status);
  return hasNeverBegun && unheard;
}
