import type { BrokerConsumer, Delivery } from '@clew/broker';
import type { SagaEngine } from './saga-engine.js';
import type { Work } from './work.js';

const KEPT: ReadonlySet<unknown> = new Set(['UNAVAILABLE', 'UNREGISTERED_DEFINITION']);

/** What a message asks of the engine. Throws when it can never be handled. */
export type WorkReader = (delivery: Delivery) => Omit<Work, 'settle'>;

/**
 * Feeds a queue into the engine. A message is acknowledged after the transition that it caused is committed; one that can
 * never be handled (malformed, foreign, of an unknown saga) is parked with its reason. One of a definition that only newer
 * processes have, in a rolling update, stays unacknowledged: they get it when this process ends.
 */
export class EngineConsumer {
  private settled: Delivery[] = [];

  constructor(
    private readonly engine: SagaEngine,
    private readonly consumer: () => Pick<BrokerConsumer, 'ack' | 'park'>,
    private readonly workOf: WorkReader,
  ) {}

  handle(delivery: Delivery): void {
    let work: Omit<Work, 'settle'>;
    try {
      work = this.workOf(delivery);
    } catch (error) {
      this.park(delivery, error);
      return;
    }
    this.engine.submit({
      ...work,
      settle: (error) => (error ? this.park(delivery, error) : this.acknowledge(delivery)),
    });
  }

  /** A whole batch settles in one turn: its acknowledgements go out together. */
  private acknowledge(delivery: Delivery): void {
    if (this.settled.push(delivery) > 1) return;
    queueMicrotask(() => {
      const batch = this.settled;
      this.settled = [];
      this.consumer().ack(batch);
    });
  }

  private park(delivery: Delivery, error: unknown): void {
    // Stays unacknowledged: it comes again.
    if (KEPT.has(codeOf(error))) return;
    void this.consumer().park(delivery, error instanceof Error ? error.message : String(error));
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
