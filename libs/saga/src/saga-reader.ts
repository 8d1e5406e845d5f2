import type { SqlExecutor } from '@clew/outbox';
import { conditionsOf, type SagaFilter } from './saga-filter.js';
import { INSTANCE_COLUMNS, instanceOf, type InstanceRow } from './instance-row.js';
import { entriesOf, type StoredEntry } from './stored-entries.js';
import type { PendingDeadline } from './waits.js';
import type { HistoryRow, SagaRecord, TakenKey } from './saga-record.js';

/** Whose history is asked for, from behind which revision. */
export interface HistoryQuestion {
  readonly sagaId: string;
  readonly after: number;
}

type ReadRow = InstanceRow & { owner: string | null };

const COLUMNS = INSTANCE_COLUMNS.split(', ')
  .map((column) => `s.${column}`)
  .join(', ');

/** Sagas as people and programs ask for them: with history and owner, many at a time. Reads only what is committed. */
export class SagaReader {
  constructor(private readonly database: SqlExecutor) {}

  async find(id: string): Promise<SagaRecord | undefined> {
    const rows = await this.database.$queryRawUnsafe<ReadRow[]>(
      `SELECT ${COLUMNS}, o.owner FROM saga_instance s LEFT JOIN saga_opening o ON o.saga_id = s.id WHERE s.id = $1::uuid`,
      id,
    );
    const [record] = await this.withHistory(rows);
    return record;
  }

  /** Newest first. */
  async list({ limit, before, ...filter }: SagaFilter): Promise<SagaRecord[]> {
    const { conditions, values } = conditionsOf(filter);
    const rows = await this.database.$queryRawUnsafe<ReadRow[]>(
      `SELECT ${COLUMNS}, o.owner FROM saga_instance s LEFT JOIN saga_opening o ON o.saga_id = s.id
       WHERE ${[`($1::text = '' OR s.id < $1::text::uuid)`, ...conditions].join(' AND ')}
       ORDER BY s.id DESC LIMIT $2::int`,
      before ?? '',
      limit,
      ...values,
    );
    return this.withHistory(rows);
  }

  /** What has happened to instances behind a revision of each; those to which nothing has are left out. */
  async historySince(questions: readonly HistoryQuestion[]): Promise<Map<string, HistoryRow[]>> {
    const rows = await this.database.$queryRawUnsafe<StoredRow[]>(
      `SELECT h.saga_id, h.revision, h.at, h.entries
       FROM unnest($1::uuid[], $2::int[]) AS asked (id, after)
       JOIN saga_history h ON h.saga_id = asked.id AND h.revision > asked.after
       ORDER BY h.saga_id, h.revision`,
      questions.map(({ sagaId }) => sagaId),
      questions.map(({ after }) => after),
    );
    const found = new Map<string, HistoryRow[]>();
    for (const { saga_id, revision, at, entries } of rows) {
      const row = { revision, at, entries: entriesOf(entries) };
      const known = found.get(saga_id);
      if (known) known.push(row);
      else found.set(saga_id, [row]);
    }
    return found;
  }

  /** The deadlines that instances have, and what the database's clock says. */
  async deadlinesOf(ids: readonly string[]): Promise<{ now: Date; of: Map<string, PendingDeadline[]> }> {
    const rows = await this.database.$queryRawUnsafe<
      { now: Date; saga_id: string | null; step: string; due_in_ms: number }[]
    >(
      `SELECT now()::timestamptz(3) AS now, d.saga_id, d.step,
         (extract(epoch FROM d.due_at - now()) * 1000)::float8 AS due_in_ms
       FROM (SELECT) AS one LEFT JOIN saga_deadline d ON d.saga_id = ANY($1::uuid[])`,
      ids,
    );
    const of = new Map<string, PendingDeadline[]>();
    for (const { saga_id, step, due_in_ms } of rows) {
      if (saga_id === null) continue;
      of.set(saga_id, [...(of.get(saga_id) ?? []), { step, dueInMs: due_in_ms }]);
    }
    return { now: rows[0]!.now, of };
  }

  /** What a key has begun; `undefined` when nothing. */
  async findKey(owner: string, key: string): Promise<TakenKey | undefined> {
    const [row] = await this.database.$queryRawUnsafe<TakenKeyRow[]>(
      'SELECT saga_id, fingerprint, answer FROM saga_opening WHERE owner = $1 AND key = $2',
      owner,
      key,
    );
    return row && takenKeyOf(row);
  }

  /** Keeps the answer to a key if there is none yet. Gives the one that is kept. */
  async answerKey(owner: string, key: string, answer: object): Promise<TakenKey | undefined> {
    const [row] = await this.database.$queryRawUnsafe<TakenKeyRow[]>(
      `UPDATE saga_opening SET answer = coalesce(answer, $3::json) WHERE owner = $1 AND key = $2
       RETURNING saga_id, fingerprint, answer`,
      owner,
      key,
      JSON.stringify(answer),
    );
    return row && takenKeyOf(row);
  }

  private async withHistory(rows: readonly ReadRow[]): Promise<SagaRecord[]> {
    const histories = await this.historySince(rows.map(({ id }) => ({ sagaId: id, after: 0 })));
    return rows.map((row) => {
      const instance = instanceOf(row);
      const { status, input } = instance.state;
      // It may have gone on since the instance was read.
      const history = (histories.get(row.id) ?? [])
        .filter(({ revision }) => revision <= row.revision)
        .map((entry) => withInput(entry, input));
      return { ...instance, status, input, history, ...(row.owner && { owner: row.owner }) };
    });
  }
}

type StoredRow = Omit<HistoryRow, 'entries'> & {
  readonly saga_id: string;
  readonly entries: readonly StoredEntry[];
};

interface TakenKeyRow {
  saga_id: string;
  fingerprint: string;
  answer: object | null;
}

function takenKeyOf({ saga_id, fingerprint, answer }: TakenKeyRow): TakenKey {
  return { sagaId: saga_id, fingerprint, ...(answer && { answer }) };
}

/** The input is kept once, with the instance. */
function withInput(row: HistoryRow, input: unknown): HistoryRow {
  if (row.revision !== 1) return row;
  const entries = row.entries.map((entry) => {
    const { event } = entry;
    return event.type === 'SagaStarted' ? { ...entry, event: { ...event, input } } : entry;
  });
  return { ...row, entries };
}
