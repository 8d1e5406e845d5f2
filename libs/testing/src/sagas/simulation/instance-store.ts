import { evolveAll, type SagaEvent, type SagaState, type Timer } from '@clew/saga/core';
import type { Clock } from './clock.js';
import type { Guards } from './guards.js';
import type { LockTable } from './lock-table.js';
import type { CommandMessage, Outbound } from './messages.js';

export interface Snapshot {
  /** Grows by one with every write; 0 before the first. */
  readonly revision: number;
  readonly state: SagaState | undefined;
}

/** What one transaction writes for one instance. */
export interface Change {
  readonly state: SagaState;
  readonly events: readonly SagaEvent[];
  /** What is to be carried out, for the auditor. */
  readonly commands: readonly CommandMessage[];
  /** What is said so that it is, and that others wait for. */
  readonly words: readonly Outbound[];
  /** By step; `undefined` takes the step's deadline away. */
  readonly timers: ReadonlyMap<string, Timer | undefined>;
  readonly locks: { readonly request: readonly string[]; readonly release: boolean };
}

/** A change as the auditor sees it: when it was committed, and which deadlines stood afterwards. */
export interface Commit extends Change {
  readonly at: number;
  readonly sagaId: string;
  readonly deadlines: ReadonlyMap<string, Timer>;
}

export interface Deadline extends Timer {
  readonly sagaId: string;
}

const NOTHING: Snapshot = { revision: 0, state: undefined };

/** The database of those who decide: instances, their history, deadlines, locks and outbox, written in one transaction. */
export class InstanceStore {
  /** Messages that are committed but not yet published. */
  readonly outbox: Outbound[] = [];
  readonly deadlines = new Map<string, Deadline>();
  readonly commits: Commit[] = [];
  /** By the id of a command: when the row was read that its answer was last judged by, for the auditor. */
  readonly heard = new Map<string, number>();
  private readonly instances = new Map<string, Snapshot>();
  private readonly histories = new Map<string, SagaEvent[]>();

  constructor(
    private readonly clock: Clock,
    private readonly guards: Guards,
    readonly locks: LockTable,
  ) {}

  get now(): number {
    return this.clock.now;
  }

  read(sagaId: string): Snapshot {
    return this.instances.get(sagaId) ?? NOTHING;
  }

  /** The ids of all instances that have begun, in the order in which they did. */
  get begun(): string[] {
    return [...this.instances.keys()];
  }

  /** What the history of an instance amounts to; throws when it is broken. */
  replay(sagaId: string): SagaState | undefined {
    return evolveAll(undefined, this.histories.get(sagaId) ?? []);
  }

  /** Writes a change, or writes nothing and says no when the instance is no longer at that revision. */
  commit(sagaId: string, revision: number, change: Change): boolean {
    if (this.guards.compareAndSet && this.read(sagaId).revision !== revision) return false;
    this.clock.tick();
    this.instances.set(sagaId, { revision: revision + 1, state: change.state });
    const history = this.histories.get(sagaId);
    if (history) history.push(...change.events);
    else this.histories.set(sagaId, [...change.events]);
    this.outbox.push(...change.words);
    for (const [step, timer] of change.timers) {
      if (timer) this.deadlines.set(`${sagaId}/${step}`, { ...timer, sagaId });
      else this.deadlines.delete(`${sagaId}/${step}`);
    }
    for (const key of change.locks.request) this.locks.request(sagaId, key);
    if (change.locks.release) this.locks.release(sagaId);
    this.commits.push({ ...change, at: this.clock.now, sagaId, deadlines: this.deadlinesOf(sagaId) });
    return true;
  }

  private deadlinesOf(sagaId: string): Map<string, Timer> {
    const rows = [...this.deadlines.values()].filter((row) => row.sagaId === sagaId);
    return new Map(rows.map((row) => [row.step, row]));
  }
}
