import type { SagaEvent } from '../events.js';
import type { Commit, Snapshot } from './instance-store.js';
import type { SagaPlan } from './scenario.js';
import type { World } from './world.js';

/** All that is known about one saga when its history is over. */
export interface SagaRecord {
  readonly sagaId: string;
  readonly plan: SagaPlan;
  readonly stored: Snapshot;
  readonly commits: readonly Commit[];
  /** Each event with the moment of its commit. */
  readonly events: readonly { readonly at: number; readonly event: SagaEvent }[];
}

export function recordOf(world: World, plan: SagaPlan): SagaRecord {
  const { sagaId } = plan;
  const commits = world.store.commits.filter((commit) => commit.sagaId === sagaId);
  return {
    sagaId,
    plan,
    stored: world.store.read(sagaId),
    commits,
    events: commits.flatMap(({ at, events }) => events.map((event) => ({ at, event }))),
  };
}
