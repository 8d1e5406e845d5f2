import type { Policies, SagaDefinition } from '@clew/saga/core';

/** How a participant will behave towards one step of one saga. */
export interface StepPlan {
  /** Units that the action takes from the step's resource. */
  readonly units: number;
  /** The business says no to the action, whatever is in stock; until an operator has had it mended. */
  readonly refuses: boolean;
  /** The business says no to the compensation when there is something to undo; until an operator has had it mended. */
  readonly refusesUndo: boolean;
  /** How many deliveries of the action are swallowed without a trace. */
  readonly deafTo: number;
  /** How many deliveries of the compensation are swallowed without a trace. */
  readonly deafToUndo: number;
}

/** How one instance will fare, and the instances that it may start. */
export interface InstancePlan {
  readonly definition: SagaDefinition;
  readonly steps: ReadonlyMap<string, StepPlan>;
  /** By the step that starts them. */
  readonly children: ReadonlyMap<string, InstancePlan>;
}

export interface SagaPlan extends InstancePlan {
  readonly sagaId: string;
  readonly input: unknown;
}

/** Who moves a saga on: an orchestrator, or its participants by themselves. */
export type Coordination = 'orchestration' | 'choreography';

/** The cast of one history: all that is fixed before the first thing happens. */
export interface Scenario {
  readonly definition: SagaDefinition;
  readonly coordination: Coordination;
  readonly policies: Policies;
  /** Several instances of the definition compete for the same resources. */
  readonly sagas: readonly SagaPlan[];
  /** What there is to take for each step of each definition, by `resourceOf`. */
  readonly capacities: ReadonlyMap<string, number>;
  /** Processes that decide. */
  readonly deciders: number;
  /** Whether an operator sees to what is STUCK in the end. */
  readonly hasOperator: boolean;
  /** What the participants answer, besides the reservation id, by step; for payloads that read it. */
  readonly results: Readonly<Record<string, object>>;
  /** Makes more of the definition's own code throw, as a bad release would. */
  readonly releaseBugs: () => void;
  /** Mends what made the definition's own code throw. */
  readonly mendBugs: () => void;
}

export function resourceOf(definition: SagaDefinition, step: string): string {
  return `${definition.name}/${step}`;
}

/** The definition and those of its children, and theirs. */
export function familyOf(definition: SagaDefinition): SagaDefinition[] {
  const children = definition.stages.flat().flatMap(({ child }) => (child ? familyOf(child) : []));
  return [definition, ...children];
}
