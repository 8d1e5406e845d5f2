import type { Delivery, Logger } from '@clew/broker';

/**
 * Says that messages were parked and why: the first at once, of the others one in a period, with their number. So ten
 * thousand malformed messages don't fill the log; all of them are among the dead letters, each with its reason.
 */
export class ParkingLog {
  #timer: NodeJS.Timeout | undefined;
  #unsaid = 0;
  #line = '';

  /** @param periodMs between two lines, in milliseconds */
  constructor(
    private readonly logger: Logger,
    private readonly periodMs = 1_000,
  ) {}

  parked({ queue, type, messageId }: Pick<Delivery, 'queue' | 'type' | 'messageId'>, reason: string): void {
    this.#unsaid += 1;
    const what =
      this.#unsaid === 1 ? `a message of ${queue}` : `${this.#unsaid} messages of ${queue}, the last`;
    this.#line = `Parked ${what} (${type ?? 'without type'}, ${messageId ?? 'without id'}): ${reason}`;
    if (!this.#timer) this.#say();
  }

  /** Says what was held back, and leaves no timer. */
  close(): void {
    this.#say();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #say(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#unsaid === 0) return;
    this.logger.error(this.#line);
    this.#unsaid = 0;
    this.#timer = setTimeout(() => this.#say(), this.periodMs).unref();
  }
}
