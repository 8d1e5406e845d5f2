import { MicroBatcher } from '@clew/batch';
import type { HistoryRow } from './saga-record.js';
import type { HistoryQuestion } from './saga-reader.js';

export interface HistoryWatchOptions {
  /** Gives what has happened behind the revision that each question names. */
  readonly read: (
    questions: readonly HistoryQuestion[],
  ) => Promise<ReadonlyMap<string, readonly HistoryRow[]>>;
  /** Milliseconds after which an instance is looked at for the first time; each further time takes twice as long. Default 250. */
  readonly firstPauseMs?: number;
  /** How long it takes at the most. Default 5,000. */
  readonly longestPauseMs?: number;
}

interface Waiter extends HistoryQuestion {
  pauseMs: number;
  /** `Infinity` while it is being looked at. */
  dueAt: number;
  /** Something has happened since the look that is under way began. */
  isBehind: boolean;
  /** Called once; afterwards nobody waits any more. */
  readonly settle: (rows: readonly HistoryRow[]) => void;
}

/** How often to see whose turn it is. */
const TICK_MS = 125;
const MOST_AT_ONCE = 1_000;

/**
 * Tells what happens to instances, to as many as want to know, from the database: what this process commits at once, what
 * other processes commit when it next looks. It looks for all at a time, and the more seldom the longer nothing happens.
 */
export class HistoryWatch {
  private readonly waiters = new Map<string, Set<Waiter>>();
  private readonly batcher: MicroBatcher<Waiter>;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: HistoryWatchOptions) {
    this.batcher = new MicroBatcher((batch) => this.look(batch), MOST_AT_ONCE);
  }

  /**
   * Resolves with what has happened behind a revision, in order, as soon as something has; with nothing when the signal
   * aborts. Never rejects: while the database is away nothing is known to happen.
   */
  next(sagaId: string, after: number, signal: AbortSignal): Promise<readonly HistoryRow[]> {
    if (signal.aborted) return Promise.resolve([]);
    return new Promise((resolve) => {
      const leave = () => waiter.settle([]);
      const waiter: Waiter = {
        sagaId,
        after,
        pauseMs: this.options.firstPauseMs ?? 250,
        dueAt: 0,
        isBehind: false,
        settle: (rows) => {
          signal.removeEventListener('abort', leave);
          this.remove(waiter);
          resolve(rows);
        },
      };
      signal.addEventListener('abort', leave);
      this.add(waiter);
    });
  }

  /** Something has just been committed about these instances. */
  wake(ids: Iterable<string>): void {
    for (const id of ids)
      for (const waiter of this.waiters.get(id) ?? []) {
        if (waiter.dueAt === Infinity) waiter.isBehind = true;
        else this.ask(waiter);
      }
  }

  private add(waiter: Waiter): void {
    const others = this.waiters.get(waiter.sagaId);
    if (others) others.add(waiter);
    else this.waiters.set(waiter.sagaId, new Set([waiter]));
    this.timer ??= setInterval(() => this.tick(), TICK_MS).unref();
    this.ask(waiter);
  }

  private remove(waiter: Waiter): void {
    const others = this.waiters.get(waiter.sagaId);
    others?.delete(waiter);
    if (others?.size === 0) this.waiters.delete(waiter.sagaId);
    if (this.waiters.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private tick(): void {
    const now = Date.now();
    for (const waiters of this.waiters.values())
      for (const waiter of waiters) if (waiter.dueAt <= now) this.ask(waiter);
  }

  private ask(waiter: Waiter): void {
    waiter.dueAt = Infinity;
    waiter.isBehind = false;
    this.batcher.add(waiter);
  }

  /** Never rejects. */
  private async look(batch: readonly Waiter[]): Promise<void> {
    const found = await this.read(batch);
    const now = Date.now();
    for (const waiter of batch) {
      const rows = found.get(waiter.sagaId)?.filter(({ revision }) => revision > waiter.after) ?? [];
      if (rows.length > 0) {
        waiter.settle(rows);
        continue;
      }
      // Unless it has left meanwhile.
      if (waiter.isBehind && this.waiters.get(waiter.sagaId)?.has(waiter)) {
        this.ask(waiter);
        continue;
      }
      waiter.dueAt = now + waiter.pauseMs;
      waiter.pauseMs = Math.min(2 * waiter.pauseMs, this.options.longestPauseMs ?? 5_000);
    }
  }

  private async read(batch: readonly Waiter[]): Promise<ReadonlyMap<string, readonly HistoryRow[]>> {
    const questions = new Map<string, HistoryQuestion>();
    for (const { sagaId, after } of batch) {
      const other = questions.get(sagaId);
      if (!other || after < other.after) questions.set(sagaId, { sagaId, after });
    }
    try {
      return await this.options.read([...questions.values()]);
    } catch {
      return new Map();
    }
  }
}
