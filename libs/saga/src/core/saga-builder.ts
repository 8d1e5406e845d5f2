import { START_SAGA, UNDO_SAGA, type ChildResult } from './child-saga.js';
import type { CommandClass, PayloadOf, ResultOf } from './command.js';
import { definitionFlaw } from './definition-flaw.js';
import type {
  LockDefinition,
  Policy,
  SagaDefinition,
  Stage,
  StepDefinition,
  StepKind,
  StepView,
} from './definition.js';

/** Whether a step may still be added that the saga can turn back from. */
type Phase = 'reversible' | 'committed';

interface View<Input, Results> {
  readonly input: Input;
  readonly results: Readonly<Results>;
}
type When<Input, Results> = (view: View<Input, Results>) => boolean;

interface Conditional<Input, Results> {
  /**
   * The step is skipped unless this says yes, and later steps may find no result of it. Pure; asked when the step's turn
   * has come, and after an operator's retry.
   */
  readonly when?: When<Input, Results>;
}

interface Invocation<Input, Results, C extends CommandClass> {
  /** The command that carries the step out. */
  readonly action: C;
  /** Builds the command's payload from the saga's input and the results of earlier steps. Pure. */
  readonly payload: (view: View<Input, Results>) => PayloadOf<C>;
  readonly policy?: Partial<Policy>;
}

interface ChildInvocation<Input, Results, ChildInput, ChildResults> {
  /** The saga that is started, and waited for. */
  readonly saga: SagaDefinition<ChildInput, ChildResults>;
  /** Builds its input from this saga's input and the results of earlier steps. Pure. */
  readonly input: (view: View<Input, Results>) => ChildInput;
  readonly policy?: Partial<Policy>;
  readonly compensationPolicy?: Partial<Policy>;
}

interface Compensatable {
  /** The command that undoes the step. It is sent without payload: participants find what to undo by saga and step. */
  readonly compensation: CommandClass;
  readonly compensationPolicy?: Partial<Policy>;
  readonly pivot?: never;
  readonly retriable?: never;
}
interface Pivot {
  readonly pivot: true;
  readonly compensation?: never;
  readonly retriable?: never;
}
interface Retriable {
  readonly retriable: true;
  readonly compensation?: never;
  readonly pivot?: never;
}
/** A child saga is undone by its own compensations. */
interface CompensatableChild {
  /** Said once more, as TypeScript infers nothing from a type whose members are all optional. */
  readonly saga: unknown;
  readonly pivot?: never;
  readonly retriable?: never;
}

type KindIn<P extends Phase> = P extends 'reversible' ? Compensatable | Pivot | Retriable : Retriable;
type ChildKindIn<P extends Phase> = P extends 'reversible'
  ? CompensatableChild | { readonly pivot: true } | { readonly retriable: true }
  : { readonly retriable: true };
type KindInParallel<P extends Phase> = P extends 'reversible' ? Compensatable : Retriable;
type PhaseAfter<K> = K extends { readonly pivot: true } | { readonly retriable: true }
  ? 'committed'
  : 'reversible';

/** The result of a step that may be skipped may be missing. */
type ResultUnder<Spec, N extends string, R> = Spec extends { readonly when: unknown }
  ? { readonly [K in N]?: R }
  : { readonly [K in N]: R };
type ResultsOf<Cs extends Record<string, CommandClass>> = { readonly [N in keyof Cs]: ResultOf<Cs[N]> };

type AnySpec = Partial<Invocation<never, never, CommandClass>> &
  Partial<ChildInvocation<never, never, unknown, unknown>> &
  Conditional<never, never> &
  Partial<Compensatable | Pivot | Retriable>;

/**
 * Builds a saga definition step by step. Types follow along: each payload is checked against its command, later steps
 * see the results of earlier ones, and a step without compensation that is neither pivot nor retriable doesn't compile.
 */
class SagaBuilder<Input, Results, P extends Phase> {
  constructor(
    private readonly head: Omit<SagaDefinition<Input>, 'stages' | 'resultsType'>,
    private readonly stages: readonly Stage[],
  ) {}

  /** Adds a step that begins when everything before it is done. */
  step<const N extends string, C extends CommandClass, K extends KindIn<P>>(
    name: N extends keyof Results ? never : N,
    spec: Invocation<Input, Results, C> & K & Conditional<Input, Results>,
  ): SagaBuilder<Input, Results & ResultUnder<K, N, ResultOf<C>>, PhaseAfter<K>> {
    return this.with([stepOf(name, spec)]);
  }

  /**
   * Adds steps that run side by side. They don't see each other's results; the next step waits for all of them. A
   * condition belongs to a step of its own.
   */
  parallel<Cs extends Record<string, CommandClass>>(steps: {
    readonly [N in keyof Cs]: Invocation<Input, Results, Cs[N]> & KindInParallel<P>;
  }): SagaBuilder<Input, Results & ResultsOf<Cs>, P> {
    return this.with(Object.entries(steps).map(([name, spec]) => stepOf(name, spec as AnySpec)));
  }

  /**
   * Adds a step that is a saga of its own, run by the same orchestrator. It is done when the child is COMPLETED and
   * refused when the child is COMPENSATED. Unless it is called pivot or retriable it can be undone, even after it is done:
   * the child then runs its own compensations.
   */
  child<const N extends string, ChildInput, ChildResults, K extends ChildKindIn<P>>(
    name: N extends keyof Results ? never : N,
    spec: ChildInvocation<Input, Results, ChildInput, ChildResults> & K & Conditional<Input, Results>,
  ): SagaBuilder<Input, Results & ResultUnder<K, N, ChildResult<ChildResults>>, PhaseAfter<K>> {
    return this.with([stepOf(name, spec)]);
  }

  /** Checks the whole. Throws a sentence that says what to mend where types can't. */
  end(): SagaDefinition<Input, Results> {
    const definition = { ...this.head, stages: this.stages };
    const flaw = definitionFlaw(definition);
    if (flaw) throw new Error(`Saga ${definition.name} v${definition.version}: ${flaw}`);
    return definition;
  }

  private with<R, Q extends Phase>(stage: Stage): SagaBuilder<Input, R, Q> {
    return new SagaBuilder(this.head, [...this.stages, stage]);
  }
}

export interface SagaOptions<Input> {
  /** A change that instances in flight can't follow needs a new one. */
  readonly version: number;
  /** Milliseconds after which an instance turns back, unless its pivot has begun. Default: none. */
  readonly timeoutMs?: number;
  /**
   * Business keys that only one instance works on at a time, such as `'flight:' + trip.flight.flightNumber`; the others
   * wait in a queue before their first step. Pure.
   */
  readonly lock?: (input: Input) => string | readonly string[];
  /** Milliseconds after which a lock may pass on although its holder hasn't ended. Default: five minutes. */
  readonly lockLeaseMs?: number;
}

const LOCK_LEASE_MS = 300_000;

/** Begins the definition of a saga. */
export function saga<Input>(
  name: string,
  { version, timeoutMs, lock, lockLeaseMs = LOCK_LEASE_MS }: SagaOptions<Input>,
): SagaBuilder<Input, Record<never, never>, 'reversible'> {
  const head = {
    name,
    version,
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(lock && { lock: lockOf(lock as (input: unknown) => string | readonly string[], lockLeaseMs) }),
  };
  return new SagaBuilder(head, []);
}

function lockOf(keys: (input: unknown) => string | readonly string[], leaseMs: number): LockDefinition {
  return { keysOf: (input) => [keys(input)].flat(), leaseMs };
}

function stepOf(name: string, spec: AnySpec): StepDefinition {
  const kind: StepKind = spec.pivot ? 'pivot' : spec.retriable ? 'retriable' : 'compensatable';
  const { compensationPolicy } = spec as Partial<Compensatable>;
  return {
    name,
    kind,
    ...commandsOf(spec, kind),
    ...(spec.when !== undefined && { when: spec.when as (view: StepView) => boolean }),
    policies: {
      ...(spec.policy && { action: spec.policy }),
      ...(kind === 'compensatable' && compensationPolicy && { compensation: compensationPolicy }),
    },
  };
}

function commandsOf(spec: AnySpec, kind: StepKind) {
  const { saga: child, input } = spec;
  if (!child) {
    return {
      action: spec.action as CommandClass,
      payload: spec.payload as unknown as (view: StepView) => object,
      ...(spec.compensation && { compensation: spec.compensation }),
    };
  }
  const inputOf = input as unknown as (view: StepView) => unknown;
  return {
    child,
    action: START_SAGA,
    payload: (view: StepView) => ({ saga: child.name, version: child.version, input: inputOf(view) }),
    ...(kind === 'compensatable' && { compensation: UNDO_SAGA }),
  };
}
