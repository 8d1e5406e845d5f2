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
   * By what share a wait may be longer, drawn anew for each attempt: 0.1 makes 10 s anything from 10 to 11 s. Keeps
   * sagas that fell silent together from asking again together.
   */
  readonly jitter: number;
  /**
   * Attempts in all. After the last one an action is in doubt, and a compensation is parked.
   * The actions of pivot and retriable steps and of child sagas are asked beyond it, for ever: they are never undone on a
   * guess.
   */
  readonly attempts: number;
}

export type Policies = Readonly<Record<Direction, Policy>>;

/** What a step may read to build its command. */
export interface StepView {
  readonly input: unknown;
  /** Of the steps before, by name. A step that was skipped has none. */
  readonly results: Readonly<Record<string, unknown>>;
}

export interface StepDefinition {
  readonly name: string;
  readonly kind: StepKind;
  readonly action: CommandClass;
  /**
   * Pure: called again for every attempt, and must give the same payload each time. One that throws when the step's turn
   * comes, or when it is to be asked for again (a release may have broken it), parks the step.
   */
  readonly payload: (view: StepView) => object;
  readonly compensation?: CommandClass;
  /** Pure. The step is skipped unless it says yes; asked when the step's turn has come, and after an operator's retry. */
  readonly when?: (view: StepView) => boolean;
  /** Of a step that is a saga of its own: its definition. `action` and `compensation` then start and undo it. */
  readonly child?: SagaDefinition;
  readonly policies: Readonly<Partial<Record<Direction, Partial<Policy>>>>;
}

/** Steps that run side by side; one for a step on its own. */
export type Stage = readonly StepDefinition[];

/** What nobody else may work on while an instance runs. */
export interface LockDefinition {
  /** Pure: the business keys of an instance. They are taken one after another in their sorted order. */
  readonly keysOf: (input: unknown) => readonly string[];
  /** Milliseconds after which a lock may go to the next in the queue although its holder hasn't ended. */
  readonly leaseMs: number;
}

export interface SagaDefinition<Input = unknown, Results = unknown> {
  readonly name: string;
  readonly version: number;
  readonly stages: readonly Stage[];
  /** Milliseconds after which an instance turns back, unless its pivot has begun. */
  readonly timeoutMs?: number;
  readonly lock?: LockDefinition;
  /** Carry types to the places that start the saga or wait for it; never set. */
  readonly inputType?: Input;
  readonly resultsType?: Results;
}

export const DEFAULT_POLICIES: Policies = {
  action: { timeoutMs: 10_000, maxTimeoutMs: 60_000, backoff: 2, jitter: 0.1, attempts: 4 },
  compensation: { timeoutMs: 10_000, maxTimeoutMs: 60_000, backoff: 2, jitter: 0.1, attempts: 20 },
};

/** A child saga takes as long as it takes; it is asked only in case a message about it was lost. */
const CHILD_POLICY: Partial<Policy> = { timeoutMs: 30_000, maxTimeoutMs: 3_600_000 };

/** All steps in the order of their definition. */
export function stepsOf(definition: SagaDefinition): StepDefinition[] {
  return definition.stages.flat();
}

/** Throws when the definition has no such step: a bug, as a running instance keeps its definition. */
export function stepNamed(definition: SagaDefinition, name: string): StepDefinition {
  const step = findStep(definition, name);
  if (!step) throw new Error(`Saga ${definition.name} v${definition.version} has no step "${name}"`);
  return step;
}

export function findStep(definition: SagaDefinition, name: string): StepDefinition | undefined {
  for (const stage of definition.stages) for (const step of stage) if (step.name === name) return step;
  return undefined;
}

/** The policy of one direction of a step: its own settings over the defaults. */
export function policyOf(step: StepDefinition, direction: Direction, defaults: Policies): Policy {
  const own = Object.entries(step.policies[direction] ?? {}).filter(([, value]) => value !== undefined);
  return {
    ...defaults[direction],
    ...(step.child && CHILD_POLICY),
    ...(Object.fromEntries(own) as Partial<Policy>),
  };
}

/** Whether an action that isn't answered is given up at last, and undone. */
export function isGivenUp({ kind, child }: StepDefinition): boolean {
  return kind === 'compensatable' && !child;
}

/** Milliseconds to wait for the reply to an attempt, counted from 1; without jitter. */
export function patience(policy: Policy, attempt: number): number {
  return Math.min(policy.timeoutMs * policy.backoff ** (attempt - 1), policy.maxTimeoutMs);
}
