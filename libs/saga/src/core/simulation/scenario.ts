import type { Policies, SagaDefinition } from '../definition.js';

/** How a participant will behave towards one step of one saga. */
export interface StepPlan {
  /** Units that the action takes from the step's resource. */
  readonly units: number;
  /** The business says no to the action, whatever is in stock. */
  readonly refuses: boolean;
  /** The business says no to the compensation when there is something to undo. */
  readonly refusesUndo: boolean;
  /** How many deliveries of the action are swallowed without a trace. */
  readonly deafTo: number;
  /** How many deliveries of the compensation are swallowed without a trace. */
  readonly deafToUndo: number;
}

export interface SagaPlan {
  readonly sagaId: string;
  readonly input: unknown;
  readonly steps: ReadonlyMap<string, StepPlan>;
}

/** The cast of one history: all that is fixed before the first thing happens. */
export interface Scenario {
  readonly definition: SagaDefinition;
  readonly policies: Policies;
  /** Several instances of the definition compete for the same resources. */
  readonly sagas: readonly SagaPlan[];
  /** What there is to take for each step, by step name. */
  readonly capacities: ReadonlyMap<string, number>;
  readonly orchestrators: number;
}
