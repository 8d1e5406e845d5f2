import { evolveAll, hasEnded } from './core/index.js';
import type { SagaRecord } from './saga-record.js';

/** An instance as it stood at an earlier revision, told from its history. @throws RangeError when it never had that revision */
export function recordAt(record: SagaRecord, revision: number): SagaRecord {
  if (revision === record.revision) return record;
  const history = record.history.filter((row) => row.revision <= revision);
  const last = history.at(-1);
  const state = evolveAll(
    undefined,
    history.flatMap(({ entries }) => entries.map(({ event }) => event)),
  );
  if (!last || !state || last.revision !== revision)
    throw new RangeError(`Saga ${record.id} has no revision ${revision} in its history`);
  const { endedAt: _, ...rest } = record;
  return {
    ...rest,
    revision,
    state,
    status: state.status,
    updatedAt: last.at,
    history,
    ...(hasEnded(state) && { endedAt: last.at }),
  };
}
