import type { SagaState } from './core/index.js';
import { UnknownSaga } from './errors.js';
import type { HeldLock, LockStore } from './lock-store.js';
import type { SagaEngine } from './saga-engine.js';

interface LockOptions {
  readonly everyMs: number;
  /** Milliseconds after which a holder is told again of its lock, if nobody has confirmed that it knows. */
  readonly tellAgainAfterMs: number;
}

interface Logger {
  warn(message: string): void;
}

/**
 * Hands semantic locks on: a lock that is free, or whose lease has ended, goes to whoever has waited longest for it, and
 * both hear of it through the engine's door. Rows are the truth; being woken only makes it quicker.
 */
export class LockSweeper {
  private timer: NodeJS.Timeout | undefined;
  private running = false;
  private sweep: Promise<void> = Promise.resolve();
  private failing = false;

  constructor(
    private readonly store: LockStore,
    private readonly engine: SagaEngine,
    private readonly logger: Logger,
    private readonly options: LockOptions = { everyMs: 500, tellAgainAfterMs: 5_000 },
  ) {}

  start(): void {
    this.running = true;
    this.next(0);
  }

  /** Somebody has asked for a lock or given one up. */
  wake(): void {
    if (this.running && this.timer) this.next(0);
  }

  async stop(): Promise<void> {
    this.running = false;
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.sweep;
  }

  private next(afterMs: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.sweep = this.sweepAll().finally(() => {
        if (this.running && !this.timer) this.next(this.options.everyMs);
      });
    }, afterMs);
  }

  /** Never rejects: what couldn't be handed on now is handed on next time. */
  private async sweepAll(): Promise<void> {
    try {
      const lost = await this.store.expire();
      const granted = await this.store.grant(this.options.tellAgainAfterMs);
      await Promise.all([
        ...lost.map((lock) => this.tell(lock, 'lost')),
        ...granted.map((lock) => this.tellHolder(lock)),
      ]);
      this.failing = false;
    } catch (error) {
      if (!this.failing) this.logger.warn(`Locks can't be read, trying on: ${String(error)}`);
      this.failing = true;
    }
  }

  private async tellHolder(lock: HeldLock): Promise<void> {
    const state = await this.tell(lock, 'acquired');
    if (state === 'unknown') return;
    await (state && wants(state, lock.key) ? this.store.confirm(lock) : this.store.release(lock));
  }

  /**
   * Resolves with the saga as it stands afterwards, if there is one; `unknown` when it couldn't be told now. A loss is told
   * once: it changes nothing for the holder but its history.
   */
  private tell(
    { key, sagaId }: HeldLock,
    change: 'acquired' | 'lost',
  ): Promise<SagaState | undefined | 'unknown'> {
    return new Promise((resolve) =>
      this.engine.submit({
        sagaId,
        input: { type: 'lock', key, change },
        cause: { kind: 'lock' },
        settle: (error, settled) =>
          resolve(error && !(error instanceof UnknownSaga) ? 'unknown' : settled?.state),
      }),
    );
  }
}

function wants({ locks }: SagaState, key: string): boolean {
  return locks !== undefined && locks.keys.slice(0, locks.taken).includes(key) && !locks.lost?.includes(key);
}
