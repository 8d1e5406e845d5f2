import { setTimeout as delay } from 'node:timers/promises';
import { readForget } from '@clew/envelope';
import type { SqlExecutor } from '@clew/outbox';
import type { Delivery } from '@clew/broker';
import { describeFault } from './describe-fault.js';
import { deleteFence } from './fence-rows.js';

export interface FenceCleanerOptions {
  readonly database: SqlExecutor;
  readonly ack: (deliveries: readonly Delivery[]) => void;
  readonly park: (delivery: Delivery, reason: string) => Promise<void>;
  readonly logger: { warn(message: string): void; error(message: string): void };
  /** Most sagas whose rows are deleted by one statement. Default 500. */
  readonly batchSize?: number;
}

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5_000;
const STOP_WITHIN_MS = 5_000;

/**
 * Deletes the fence's rows of sagas that an orchestrator has forgotten, one message after the other and outside the
 * transactions of the commands.
 *
 * Nothing is ever deleted for its age. A saga may be STUCK for months, and then its undo needs the row of its action: without
 * one there is "nothing to undo". Only the orchestrator knows that a saga is over, so only its word counts; a message that is
 * lost costs space, not truth.
 */
export class FenceCleaner {
  readonly #options: Required<FenceCleanerOptions>;
  readonly #stopping = new AbortController();
  #work: Promise<unknown> = Promise.resolve();

  constructor(options: FenceCleanerOptions) {
    this.#options = { batchSize: 500, ...options };
  }

  /** Takes a delivery over: it is acked when the rows are gone, or parked. Never throws. */
  take(delivery: Delivery): void {
    this.#work = this.#work.then(() => this.#handle(delivery));
  }

  /** Finishes the statement that runs, a few seconds long at most. What waits is left to be delivered again. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const finished = new AbortController();
    const patience = delay(STOP_WITHIN_MS, undefined, { signal: finished.signal }).catch(() => undefined);
    await Promise.race([this.#work, patience]);
    finished.abort();
  }

  /** Never rejects. */
  async #handle(delivery: Delivery): Promise<void> {
    const { ack, park, logger } = this.#options;
    let sagaIds: string[];
    try {
      sagaIds = readForget(delivery);
    } catch (error) {
      const reason = describeFault(error);
      logger.error(`Parked ${delivery.messageId ?? 'a message without id'}: ${reason}`);
      return park(delivery, reason);
    }
    if (await this.#forget(sagaIds)) ack([delivery]);
  }

  /** Tries for as long as it takes. Resolves with whether it came to the end, or was stopped before. */
  async #forget(sagaIds: readonly string[]): Promise<boolean> {
    const { signal } = this.#stopping;
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        return await this.#delete(sagaIds);
      } catch (error) {
        if (failures === 0)
          this.#options.logger.warn(
            `Rows of the fence can't be deleted now, trying on: ${describeFault(error)}`,
          );
        const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures, 20));
        await delay(pause * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
      }
    }
    return false;
  }

  async #delete(sagaIds: readonly string[]): Promise<boolean> {
    const { database, batchSize } = this.#options;
    for (let from = 0; from < sagaIds.length; from += batchSize) {
      if (this.#stopping.signal.aborted) return false;
      await deleteFence(database, sagaIds.slice(from, from + batchSize));
    }
    return true;
  }
}
