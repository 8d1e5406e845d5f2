import type { SagaDefinition, SagaEvent, SagaState } from '@clew/saga/core';
import type { Effect } from './ledger.js';
import type { Property } from './property.js';

/** An instance of a simulated history that is over; of a child saga, too. */
export interface SimulatedSaga {
  readonly definition: SagaDefinition;
  readonly state: SagaState;
  readonly events: readonly SagaEvent[];
  /** What participants have done for it, in the order in which they committed it. */
  readonly effects: readonly Effect[];
}

/** What is wrong with an instance, in a sentence; `undefined` when the promise is kept. */
export type OwnPromise = (saga: SimulatedSaga) => string | undefined;

/** Promises of a team's own as properties like any other. */
export function propertiesOf(promises: Readonly<Record<string, OwnPromise>>): Property[] {
  return Object.entries(promises).map(([name, flawOf]) => ({
    name,
    flaw: ({ ledger }, { sagaId, plan, stored: { state }, events }) =>
      state &&
      flawOf({
        definition: plan.definition,
        state,
        events: events.map(({ event }) => event),
        effects: ledger.effects.filter((effect) => effect.sagaId === sagaId),
      }),
  }));
}
