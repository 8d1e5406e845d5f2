import { WHOLE_SAGA, type SagaInput } from './core/index.js';
import type { SagaEngine } from './saga-engine.js';
import type { DueDeadline, SagaStore } from './saga-store.js';

interface DeadlineOptions {
  readonly everyMs: number;
  readonly pageSize: number;
  /** Milliseconds after which a claimed deadline that nothing came of comes up again. */
  readonly leaseMs: number;
}

interface Logger {
  warn(message: string): void;
}

/**
 * Brings deadlines that have passed in through the engine's door. They are rows and the database's clock decides, so any
 * orchestrator may fire them, after a restart too; the claim and the compare-and-set let each count once.
 */
export class DeadlineSweeper {
  private timer: NodeJS.Timeout | undefined;
  private sweep: Promise<void> = Promise.resolve();
  private failing = false;

  constructor(
    private readonly store: SagaStore,
    private readonly engine: SagaEngine,
    private readonly logger: Logger,
    private readonly options: DeadlineOptions = { everyMs: 500, pageSize: 500, leaseMs: 10_000 },
  ) {}

  start(): void {
    const again = () => {
      this.sweep = this.sweepAll().finally(() => {
        if (this.timer) this.timer = setTimeout(again, this.options.everyMs);
      });
    };
    this.timer = setTimeout(again, 0);
  }

  async stop(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.sweep;
  }

  /** Never rejects: what couldn't be claimed now is claimed next time. */
  private async sweepAll(): Promise<void> {
    try {
      for (let full = true; full && this.timer;) {
        const due = await this.store.claimDeadlines(this.options.pageSize, this.options.leaseMs);
        await Promise.all(due.map((deadline) => this.fire(deadline)));
        full = due.length === this.options.pageSize;
      }
      this.failing = false;
    } catch (error) {
      if (!this.failing) this.logger.warn(`Deadlines can't be read, trying on: ${String(error)}`);
      this.failing = true;
    }
  }

  private fire(deadline: DueDeadline): Promise<void> {
    const { sagaId, step, direction, epoch, attempt } = deadline;
    const input: SagaInput =
      step === WHOLE_SAGA
        ? { type: 'saga-deadline' }
        : { type: 'deadline', command: { step, direction, epoch }, attempt };
    const cause = { kind: 'deadline', ...(step !== WHOLE_SAGA && { attempt }) } as const;
    return new Promise((resolve) => this.engine.submit({ sagaId, input, cause, settle: () => resolve() }));
  }
}
