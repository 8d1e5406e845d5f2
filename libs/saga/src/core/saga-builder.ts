import { participantOf, type CommandClass, type PayloadOf, type ResultOf } from './command.js';
import {
  policyFlaw,
  type Policy,
  type SagaDefinition,
  type Stage,
  type StepDefinition,
  type StepKind,
  type StepView,
} from './definition.js';

/** Whether a step may still be added that the saga can turn back from. */
type Phase = 'reversible' | 'committed';

interface Invocation<Input, Results, C extends CommandClass> {
  /** The command that carries the step out. */
  readonly action: C;
  /** Builds the command's payload from the saga's input and the results of earlier steps. Pure. */
  readonly payload: (view: { readonly input: Input; readonly results: Readonly<Results> }) => PayloadOf<C>;
  readonly policy?: Partial<Policy>;
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

type KindIn<P extends Phase> = P extends 'reversible' ? Compensatable | Pivot | Retriable : Retriable;
type KindInParallel<P extends Phase> = P extends 'reversible' ? Compensatable : Retriable;
type PhaseAfter<K> = K extends Compensatable ? 'reversible' : 'committed';
type ResultsOf<Cs extends Record<string, CommandClass>> = { readonly [N in keyof Cs]: ResultOf<Cs[N]> };

type AnySpec = Invocation<never, never, CommandClass> & Partial<Compensatable | Pivot | Retriable>;

const NAME = /^[a-z][a-z0-9-]{0,39}$/;

/**
 * Builds a saga definition step by step. Types follow along: each payload is checked against its command, later steps
 * see the results of earlier ones, and a step without compensation that is neither pivot nor retriable doesn't compile.
 */
class SagaBuilder<Input, Results, P extends Phase> {
  constructor(
    private readonly name: string,
    private readonly version: number,
    private readonly stages: readonly Stage[],
  ) {}

  /** Adds a step that begins when everything before it is done. */
  step<const N extends string, C extends CommandClass, K extends KindIn<P>>(
    name: N extends keyof Results ? never : N,
    spec: Invocation<Input, Results, C> & K,
  ): SagaBuilder<Input, Results & ResultsOf<Record<N, C>>, PhaseAfter<K>> {
    return this.with([stepOf(name, spec)]);
  }

  /** Adds steps that run side by side. They don't see each other's results; the next step waits for all of them. */
  parallel<Cs extends Record<string, CommandClass>>(steps: {
    readonly [N in keyof Cs]: Invocation<Input, Results, Cs[N]> & KindInParallel<P>;
  }): SagaBuilder<Input, Results & ResultsOf<Cs>, P> {
    return this.with(Object.entries(steps).map(([name, spec]) => stepOf(name, spec as AnySpec)));
  }

  /** Checks the whole. Throws a sentence that says what to mend where types can't. */
  end(): SagaDefinition<Input> {
    const definition = { name: this.name, version: this.version, stages: this.stages };
    const flaw = flawOf(definition);
    if (flaw) throw new Error(`Saga ${this.name} v${this.version}: ${flaw}`);
    return definition;
  }

  private with<R, Q extends Phase>(stage: Stage): SagaBuilder<Input, R, Q> {
    return new SagaBuilder(this.name, this.version, [...this.stages, stage]);
  }
}

/** Begins the definition of a saga. A change that instances in flight can't follow needs a new version. */
export function saga<Input>(
  name: string,
  { version }: { readonly version: number },
): SagaBuilder<Input, Record<never, never>, 'reversible'> {
  return new SagaBuilder(name, version, []);
}

function stepOf(name: string, spec: AnySpec): StepDefinition {
  const kind: StepKind = spec.pivot ? 'pivot' : spec.retriable ? 'retriable' : 'compensatable';
  return {
    name,
    kind,
    action: spec.action,
    payload: spec.payload as unknown as (view: StepView) => object,
    ...(spec.compensation && { compensation: spec.compensation }),
    policies: {
      ...(spec.policy && { action: spec.policy }),
      ...(spec.compensation && spec.compensationPolicy && { compensation: spec.compensationPolicy }),
    },
  };
}

function flawOf({ name, version, stages }: SagaDefinition): string | undefined {
  if (!NAME.test(name)) return 'its name must be 1 to 40 lower-case letters, digits or hyphens';
  if (!Number.isInteger(version) || version < 1) return 'its version must be a whole number from 1';
  if (stages.length === 0) return 'it has no step';
  const seen = new Set<string>();
  let committedBy: StepDefinition | undefined;
  for (const stage of stages) {
    const [first] = stage;
    if (!first) return 'it has a parallel group without steps';
    for (const step of stage) {
      if (seen.has(step.name)) return `it has two steps named "${step.name}"`;
      seen.add(step.name);
      const flaw = stepFlaw(step);
      if (flaw) return flaw;
      if (step.kind === 'pivot' && stage.length > 1) {
        return `the pivot "${step.name}" can't be part of a parallel group`;
      }
      if (step.kind !== first.kind)
        return `the steps side by side with "${first.name}" aren't all ${first.kind}`;
      if (committedBy && step.kind !== 'retriable') {
        return `step "${step.name}" is ${step.kind} but comes after "${committedBy.name}", which is ${committedBy.kind}: only retriable steps may follow`;
      }
    }
    if (first.kind !== 'compensatable') committedBy ??= first;
  }
  return undefined;
}

function stepFlaw({ name, kind, action, compensation, policies }: StepDefinition): string | undefined {
  if (!NAME.test(name))
    return `the step name "${name}" must be 1 to 40 lower-case letters, digits or hyphens`;
  const participant = participantOf(action.type);
  if (kind === 'compensatable') {
    if (!compensation)
      return `step "${name}" names neither a compensation nor that it is a pivot or retriable`;
    // The fence that keeps the two apart is in one participant's database.
    if (participantOf(compensation.type) !== participant) {
      return `step "${name}" is done by ${participant} and must be undone there, not by ${compensation.type}`;
    }
    if (compensation.type === action.type) return `step "${name}" has one command as action and compensation`;
  }
  const flaw = policyFlaw(policies.action ?? {}) ?? policyFlaw(policies.compensation ?? {});
  return flaw && `in the policy of step "${name}", ${flaw}`;
}
