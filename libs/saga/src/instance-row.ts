import type { SagaState, SagaStatus } from './core/index.js';
import type { JournalMark } from './journal.js';
import type { Coordination, SagaInstance } from './saga-record.js';

/** What has no column of its own. */
export type StoredState = Pick<SagaState, 'steps' | 'coordination' | 'parent' | 'locks'> & {
  readonly journal?: JournalMark;
};

export interface InstanceRow {
  id: string;
  name: string;
  version: number;
  definition_hash: string;
  coordination: Coordination;
  status: SagaStatus;
  revision: number;
  input: unknown;
  state: StoredState;
  failure: SagaInstance['state']['failure'] | null;
  created_at: Date;
  updated_at: Date;
  ended_at: Date | null;
}

/** As they are selected. */
export const INSTANCE_COLUMNS =
  'id, name, version, definition_hash, coordination, status, revision, input, state, failure, created_at, updated_at, ended_at';

/** An instance from its row. */
export function instanceOf(row: InstanceRow): SagaInstance {
  const { status, input, failure } = row;
  const { journal, ...state } = row.state;
  return {
    id: row.id,
    saga: row.name,
    version: row.version,
    definitionHash: row.definition_hash,
    coordination: row.coordination,
    revision: row.revision,
    state: { status, input, ...state, ...(failure && { failure }) },
    ...(journal && { journal }),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    ...(row.ended_at && { endedAt: row.ended_at }),
  };
}
