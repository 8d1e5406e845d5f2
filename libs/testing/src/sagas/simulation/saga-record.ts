import type { SagaEvent } from '@clew/saga/core';
import type { Actor } from './cast.js';
import type { Commit, Snapshot } from './instance-store.js';
import type { World } from './world.js';

/** All that is known about one saga when its history is over. */
export interface SagaRecord {
  readonly sagaId: string;
  readonly plan: Actor;
  readonly stored: Snapshot;
  readonly commits: readonly Commit[];
  /** Each event with the moment of its commit. */
  readonly events: readonly { readonly at: number; readonly event: SagaEvent }[];
  /**
   * Steps that an operator skipped or marked done: what became of them is the operator's business. In a choreography those,
   * too, that were skipped for want of one of these: if it was done all the same, they have followed from it.
   */
  readonly byHand: ReadonlySet<string>;
}

export function recordOf(world: World, plan: Actor): SagaRecord {
  const { sagaId } = plan;
  const commits = world.store.commits.filter((commit) => commit.sagaId === sagaId);
  const events = commits.flatMap(({ at, events }) => events.map((event) => ({ at, event })));
  const byHand = events.flatMap(({ event }) => (isByHand(event) ? [event.step] : []));
  if (world.scenario.coordination === 'choreography' && byHand.length > 0)
    byHand.push(...events.flatMap(({ event }) => (isSkipped(event) ? [event.step] : [])));
  return { sagaId, plan, stored: world.store.read(sagaId), commits, events, byHand: new Set(byHand) };
}

function isSkipped(event: SagaEvent): event is Extract<SagaEvent, { type: 'StepSkipped' }> {
  return event.type === 'StepSkipped';
}

function isByHand(event: SagaEvent): event is Extract<SagaEvent, { step: string }> {
  if (event.type === 'StepSkipped') return event.because === 'operator';
  return (event.type === 'StepSucceeded' || event.type === 'StepCompensated') && event.byHand === true;
}
