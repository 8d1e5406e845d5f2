import type { CommandClass, Direction } from './command.js';

/**
 * - `compensatable`: can be undone; the saga may still turn back.
 * - `pivot`: once it is done the saga only goes forward; a rejection turns it back.
 * - `retriable`: comes after the pivot and is asked until it is done.
 */
export type StepKind = 'compensatable' | 'pivot' | 'retriable';

/** How long to wait for a reply, and how often to ask. */
export interface Policy {
  /** Milliseconds until the first attempt counts as unanswered. Each further attempt waits `backoff` times longer. */
  readonly timeoutMs: number;
  /** The longest wait for one attempt, in milliseconds. */
  readonly maxTimeoutMs: number;
  readonly backoff: number;
  /**
   * Attempts in all. After the last one an action is in doubt, and a compensation is parked.
   * Pivot and retriable steps are asked beyond it, for ever: they are never undone on a guess.
   */
  readonly attempts: number;
}

/** As many milliseconds as a 32-bit integer holds, which is what the database is given. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

export type Policies = Readonly<Record<Direction, Policy>>;

/** What a step may read to build its command. */
export interface StepView {
  readonly input: unknown;
  readonly results: Readonly<Record<string, unknown>>;
}

export interface StepDefinition {
  readonly name: string;
  readonly kind: StepKind;
  readonly action: CommandClass;
  /** Pure: called again for every attempt, and must give the same payload each time. */
  readonly payload: (view: StepView) => object;
  readonly compensation?: CommandClass;
  readonly policies: Readonly<Partial<Record<Direction, Partial<Policy>>>>;
}

/** Steps that run side by side; one for a step on its own. */
export type Stage = readonly StepDefinition[];

export interface SagaDefinition<Input = unknown> {
  readonly name: string;
  readonly version: number;
  readonly stages: readonly Stage[];
  /** Carries the input type to the places that start the saga; never set. */
  readonly inputType?: Input;
}

export const DEFAULT_POLICIES: Policies = {
  action: { timeoutMs: 10_000, maxTimeoutMs: 60_000, backoff: 2, attempts: 4 },
  compensation: { timeoutMs: 10_000, maxTimeoutMs: 60_000, backoff: 2, attempts: 20 },
};

/** All steps in the order of their definition. */
export function stepsOf(definition: SagaDefinition): StepDefinition[] {
  return definition.stages.flat();
}

/** Throws when the definition has no such step: a bug, as a running instance keeps its definition. */
export function stepNamed(definition: SagaDefinition, name: string): StepDefinition {
  const step = stepsOf(definition).find((candidate) => candidate.name === name);
  if (!step) throw new Error(`Saga ${definition.name} v${definition.version} has no step "${name}"`);
  return step;
}

/** The policy of one direction of a step: its own settings over the defaults. */
export function policyOf(step: StepDefinition, direction: Direction, defaults: Policies): Policy {
  const own = Object.entries(step.policies[direction] ?? {}).filter(([, value]) => value !== undefined);
  return { ...defaults[direction], ...(Object.fromEntries(own) as Partial<Policy>) };
}

/** What is wrong with a policy's settings, as the end of a sentence; `undefined` when nothing is. */
export function policyFlaw(policy: Partial<Policy>): string | undefined {
  const { timeoutMs, maxTimeoutMs, backoff, attempts } = policy;
  const isWhole = (value: number) => Number.isInteger(value) && value >= 1 && value <= LONGEST_TIMEOUT_MS;
  if (timeoutMs !== undefined && !isWhole(timeoutMs))
    return 'timeoutMs must be whole milliseconds, up to 24 days';
  if (maxTimeoutMs !== undefined && !isWhole(maxTimeoutMs))
    return 'maxTimeoutMs must be whole milliseconds, up to 24 days';
  if (backoff !== undefined && !(backoff >= 1 && Number.isFinite(backoff)))
    return 'backoff must be a number from 1';
  if (attempts !== undefined && !isWhole(attempts)) return 'attempts must be a whole number from 1';
  return undefined;
}

/** Milliseconds to wait for the reply to an attempt, counted from 1. */
export function patience(policy: Policy, attempt: number): number {
  return Math.min(policy.timeoutMs * policy.backoff ** (attempt - 1), policy.maxTimeoutMs);
}

/**
 * What makes two definitions the same for instances in flight: steps, their order, kinds and commands, as one line.
 * Policies and payload functions aren't part of it: they may change under running instances.
 */
export function signatureOf(definition: SagaDefinition): string {
  const step = (s: StepDefinition) =>
    `${s.name}:${s.kind}:${s.action.type}${s.compensation ? `/${s.compensation.type}` : ''}`;
  return definition.stages.map((stage) => stage.map(step).join(' | ')).join(' > ');
}
