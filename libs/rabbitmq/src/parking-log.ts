import type { Delivery, Logger } from '@clew/broker';
import { PacedLog } from '@clew/paced-log';

/**
 * Says that messages were parked and why: the first at once, of the others one in a period, with their number. So ten
 * thousand malformed messages don't fill the log; all of them are among the dead letters, each with its reason.
 */
export class ParkingLog {
  readonly #lines: PacedLog;

  /** @param periodMs between two lines, in milliseconds */
  constructor(logger: Logger, periodMs?: number) {
    this.#lines = new PacedLog((line) => logger.error(line), periodMs);
  }

  parked({ queue, type, messageId }: Pick<Delivery, 'queue' | 'type' | 'messageId'>, reason: string): void {
    this.#lines.happened((times) => {
      const what = times === 1 ? `a message of ${queue}` : `${times} messages of ${queue}, the last`;
      return `Parked ${what} (${type ?? 'without type'}, ${messageId ?? 'without id'}): ${reason}`;
    });
  }

  /** Says what was held back, and leaves no timer. */
  close(): void {
    this.#lines.close();
  }
}
