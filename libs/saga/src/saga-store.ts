import { jsonArray, outboxColumns, sqlArray, type SqlExecutor } from '@clew/outbox';
import { commitStatement } from './commit-statement.js';
import { hasEnded, type CommandKey, type Timer } from './core/index.js';
import { INSTANCE_COLUMNS, instanceOf, type InstanceRow, type StoredState } from './instance-row.js';
import { RecentInstances, type InstanceTexts, type StandingInstance } from './recent-instances.js';
import type { SagaInstance } from './saga-record.js';
import { storedEntries } from './stored-entries.js';
import type { Transition } from './transition.js';

/** A deadline that has passed, claimed for a while. */
export interface DueDeadline extends CommandKey {
  readonly sagaId: string;
  readonly attempt: number;
}

export interface CommitRequest {
  /** At most one for each instance. */
  readonly transitions: readonly Transition[];
  /** Deadlines of attempts that are over. */
  readonly stale: readonly DueDeadline[];
  /** Milliseconds that the outbox rows are left to this process. */
  readonly leaseMs: number;
  /** Outbox rows whose messages the broker has confirmed. */
  readonly published: readonly string[];
}

/** What the database's integers hold. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/**
 * Where instances, their history and their deadlines are kept. Everything takes and gives many at a time, in a constant
 * number of statements.
 */
export class SagaStore {
  private readonly recent = new RecentInstances();

  constructor(private readonly database: SqlExecutor) {}

  /** An instance as this process last wrote it, if it still knows; see RecentInstances for what may be made of that. */
  recall(id: string): StandingInstance | undefined {
    return this.recent.recall(id);
  }

  async load(ids: readonly string[]): Promise<Map<string, SagaInstance>> {
    if (ids.length === 0) return new Map();
    const rows = await this.database.$queryRawUnsafe<InstanceRow[]>(
      `SELECT ${INSTANCE_COLUMNS} FROM saga_instance WHERE id = ANY($1::uuid[])`,
      sqlArray(ids),
    );
    return new Map(rows.map((row) => [row.id, instanceOf(row)]));
  }

  /**
   * Writes transitions with their history, commands and deadlines in one statement, which is one transaction.
   * Gives the time of the commit for each instance that was written; one that isn't named lost its compare-and-set (or
   * had begun already) and left nothing behind.
   */
  async commit({ transitions, stale, leaseMs, published }: CommitRequest): Promise<Map<string, Date>> {
    // One order for all writers, so that two of them can't wait for each other's rows.
    const sorted = [...transitions].sort((a, b) => (a.sagaId < b.sagaId ? -1 : 1));
    const texts = new Map(sorted.map((transition) => [transition.sagaId, this.textsOf(transition)]));
    const textOf = (which: keyof InstanceTexts) => (t: Transition) => texts.get(t.sagaId)![which];
    const begun = sorted.filter(({ expectedRevision }) => expectedRevision === 0);
    const moved = sorted.filter(({ expectedRevision }) => expectedRevision > 0);
    // However this ends, until it is known they don't stand as they did.
    for (const { sagaId } of sorted) this.recent.forget(sagaId);
    const sent = sorted.flatMap(({ sagaId, messages }) => messages.map((message) => ({ sagaId, message })));
    const timers = sorted.flatMap(({ sagaId, timers }) =>
      [...timers].map(([step, timer]) => ({ sagaId, step, timer })),
    );
    const armed = timers.flatMap(({ sagaId, timer }) => (timer ? [{ sagaId, ...timer }] : []));
    const disarmed = timers.filter(({ timer }) => !timer);
    const withLocks = sorted.some(({ locks }) => locks.request.length > 0 || locks.release);
    const opened = begun.filter(({ opening }) => opening).sort(byKey);
    const withOpenings = opened.length > 0;
    const withChildren = begun.some(({ state }) => state.parent);
    const rows = await this.database.$queryRawUnsafe<{ id: string; at: Date }[]>(
      commitStatement({ withLocks, withOpenings, withChildren }),
      sqlArray(begun.map((t) => t.sagaId)),
      sqlArray(begun.map((t) => t.registered.definition.name)),
      sqlArray(begun.map((t) => t.registered.definition.version)),
      sqlArray(begun.map((t) => t.registered.hash)),
      sqlArray(begun.map((t) => t.state.status)),
      jsonArray(begun.map(textOf('input'))),
      jsonArray(begun.map(textOf('state'))),
      sqlArray(begun.map(textOf('failure'))),
      sqlArray(begun.map((t) => t.state.parent?.sagaId ?? '')),
      sqlArray(begun.map((t) => hasEnded(t.state))),
      sqlArray(moved.map((t) => t.sagaId)),
      sqlArray(moved.map((t) => t.expectedRevision)),
      sqlArray(moved.map((t) => t.state.status)),
      sqlArray(moved.map((t) => hasEnded(t.state))),
      jsonArray(moved.map(textOf('state'))),
      sqlArray(moved.map(textOf('failure'))),
      sqlArray(sorted.map((t) => t.sagaId)),
      sqlArray(sorted.map((t) => t.expectedRevision + 1)),
      jsonArray(sorted.map((t) => JSON.stringify(storedEntries(t.entries)))),
      sqlArray(sent.map(({ sagaId }) => sagaId)),
      ...outboxColumns(sent.map(({ message }) => message)),
      leaseMs,
      ...deadlineColumns(armed),
      sqlArray(armed.map(waitOf)),
      sqlArray(disarmed.map((t) => t.sagaId)),
      sqlArray(disarmed.map((t) => t.step)),
      ...deadlineColumns(stale),
      sqlArray(published),
      ...(withLocks ? lockColumns(sorted) : []),
      ...(withOpenings ? openingColumns(opened) : []),
    );
    const won = new Map(rows.map(({ id, at }) => [id, at]));
    for (const transition of sorted)
      if (won.has(transition.sagaId)) this.recent.remember(transition, texts.get(transition.sagaId)!);
    return won;
  }

  /**
   * Takes deadlines that have passed, oldest first, and puts each off by `leaseMs`: whoever claims one has that long to
   * act on it, then it comes up again. Two orchestrators never get the same one.
   */
  async claimDeadlines(limit: number, leaseMs: number): Promise<DueDeadline[]> {
    const rows = await this.database.$queryRawUnsafe<(Omit<DueDeadline, 'sagaId'> & { saga_id: string })[]>(
      // By their places, for the reasons that claimOutbox gives.
      `UPDATE saga_deadline SET due_at = now() + $2::int * interval '1 millisecond'
       WHERE ctid = ANY (ARRAY(
         SELECT ctid FROM saga_deadline WHERE due_at <= now() ORDER BY due_at LIMIT $1::int FOR UPDATE SKIP LOCKED
       ))
       RETURNING saga_id, step, direction, epoch, attempt`,
      limit,
      leaseMs,
    );
    return rows.map(({ saga_id, step, direction, epoch, attempt }) => ({
      sagaId: saga_id,
      step,
      direction,
      epoch,
      attempt,
    }));
  }

  private textsOf({ sagaId, state, journal }: Transition): InstanceTexts {
    const { steps, coordination, parent, locks, input, failure } = state;
    const stored: StoredState = {
      steps,
      ...(coordination && { coordination }),
      ...(parent && { parent }),
      ...(locks && { locks }),
      ...(journal && { journal }),
    };
    return {
      input: this.recent.inputOf(sagaId) ?? JSON.stringify(input),
      state: JSON.stringify(stored),
      failure: failure ? JSON.stringify(failure) : '',
    };
  }
}

/** With its share of jitter, drawn here as the core knows no chance. */
function waitOf({ afterMs, jitter }: Timer): number {
  return Math.min(Math.round(afterMs * (1 + jitter * Math.random())), LONGEST_WAIT_MS);
}

/** Who queues for which key, and who gives up all locks. */
function lockColumns(transitions: readonly Transition[]) {
  const requests = transitions.flatMap(({ sagaId, registered, locks }) =>
    locks.request.map((key) => ({ sagaId, key, leaseMs: registered.definition.lock?.leaseMs ?? 0 })),
  );
  return [
    sqlArray(requests.map(({ sagaId }) => sagaId)),
    sqlArray(requests.map(({ key }) => key)),
    sqlArray(requests.map(({ leaseMs }) => leaseMs)),
    sqlArray(transitions.filter(({ locks }) => locks.release).map(({ sagaId }) => sagaId)),
  ];
}

/** Who asked for what, and by which key. */
function openingColumns(transitions: readonly Transition[]) {
  const openings = transitions.map(({ opening }) => opening);
  return [
    sqlArray(transitions.map(({ sagaId }) => sagaId)),
    sqlArray(openings.map((opening) => opening?.owner ?? '')),
    sqlArray(openings.map((opening) => opening?.subject?.toLowerCase() ?? '')),
    sqlArray(openings.map((opening) => opening?.key?.key ?? '')),
    sqlArray(openings.map((opening) => opening?.key?.fingerprint ?? '')),
    sqlArray(openings.map((opening) => (opening?.key?.answer ? JSON.stringify(opening.key.answer) : ''))),
  ];
}

/** One order for all, so that two batches can't wait for each other's keys. */
function byKey({ opening: one }: Transition, { opening: other }: Transition): number {
  const [a, b] = [one, other].map((opening) => JSON.stringify([opening?.owner, opening?.key?.key]));
  return a! < b! ? -1 : 1;
}

function deadlineColumns(deadlines: readonly DueDeadline[]) {
  return [
    sqlArray(deadlines.map((d) => d.sagaId)),
    sqlArray(deadlines.map((d) => d.step)),
    sqlArray(deadlines.map((d) => d.direction)),
    sqlArray(deadlines.map((d) => d.epoch)),
    sqlArray(deadlines.map((d) => d.attempt)),
  ];
}
