import { failpoint } from '@clew/failpoint';
import type { MessagePublisher } from './message-publisher.js';
import type { OutboxMessage } from './outbox-message.js';
import { claimOutbox, deleteOutbox, setLeases } from './outbox-rows.js';
import type { SqlDatabase } from './sql-database.js';

export interface RelayLogger {
  warn(message: string): void;
  error(message: string): void;
}

export interface RelayOptions {
  readonly database: SqlDatabase;
  readonly publisher: MessagePublisher;
  readonly logger: RelayLogger;
  /** How long a message belongs to the relay that took it, in milliseconds; longer than a publication takes. Default 10,000. */
  readonly leaseMs?: number;
  /** How often to look for messages that were left over, in milliseconds. Default 1,000. */
  readonly sweepEveryMs?: number;
  /** Most messages that are taken at once. Default 500. */
  readonly pageSize?: number;
}

/** An unroutable message is tried again after this: by then somebody may have made the queue. */
const UNROUTABLE_DELAY_MS = 5_000;
/** Messages published from memory that wait for their confirms. What comes on top is left to the sweep. */
const MAX_IN_FLIGHT = 10_000;
/** Leases to be changed. What comes on top waits until its lease is over. */
const MAX_LEASES = 10_000;
/** A stop doesn't wait longer than this for broker and database; what isn't finished by then is in the table. */
const STOP_WITHIN_MS = 5_000;

/**
 * Gets the messages of the outbox to the broker: straight from memory after the commit, and by a sweep what was left over
 * (a crash, a broker that was away). Rows are deleted once their messages are confirmed, with the next transaction of the
 * owner or by the sweep. Neither a slow nor an absent database or broker makes it throw.
 */
export class Relay {
  readonly #options: Required<RelayOptions>;
  #confirmed: string[] = [];
  /** Rows whose lease is to end so many milliseconds after it is next written. */
  #leases = new Map<string, number>();
  #inFlight = 0;
  readonly #publications = new Set<Promise<unknown>>();
  #sweeping: Promise<void> | undefined;
  #sweepAgain = false;
  #databaseAway = false;
  #timer: NodeJS.Timeout | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(options: RelayOptions) {
    this.#options = { leaseMs: 10_000, sweepEveryMs: 1_000, pageSize: 500, ...options };
  }

  /** For how long to insert rows: not at all while the broker is away, so that any relay may take them when it is back. */
  get leaseMs(): number {
    return this.#options.publisher.ready ? this.#options.leaseMs : 0;
  }

  /** Begins to sweep. */
  start(): void {
    this.#timer ??= setInterval(() => this.#sweep(), this.#options.sweepEveryMs);
    this.#unsubscribe ??= this.#options.publisher.onReady(() => this.#sweep());
    this.#sweep();
  }

  /** Stops sweeping, waits for the publications under way (5 s at most), and deletes the rows that are confirmed. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#unsubscribe?.();
    this.#timer = this.#unsubscribe = undefined;
    const finish = async () => {
      await Promise.all(this.#publications);
      await this.#sweeping;
      await this.#tidy();
    };
    await within(STOP_WITHIN_MS, finish());
  }

  /**
   * Publishes messages that were committed just now. Returns at once and never throws: what doesn't get out this way is
   * still in the table.
   */
  publish(messages: readonly OutboxMessage[]): void {
    if (messages.length === 0) return;
    if (!this.#options.publisher.ready || this.#inFlight + messages.length > MAX_IN_FLIGHT) {
      this.#endLeases(messages, 0);
      return;
    }
    void this.#send(messages);
  }

  /** Takes the ids of the rows that may be deleted: the caller's next transaction does it, or they are given back. */
  takeConfirmed(): string[] {
    const ids = this.#confirmed;
    this.#confirmed = [];
    return ids;
  }

  /** Takes back ids, as the transaction that should have deleted their rows failed. */
  giveBack(ids: readonly string[]): void {
    // Not push(...ids): an argument list has a limit.
    this.#confirmed = this.#confirmed.concat(ids);
  }

  /** Resolves with the number of messages that are confirmed. */
  #send(messages: readonly OutboxMessage[]): Promise<number> {
    this.#inFlight += messages.length;
    const publication = this.#publishAndSettle(messages).finally(() => {
      this.#inFlight -= messages.length;
      this.#publications.delete(publication);
    });
    this.#publications.add(publication);
    return publication;
  }

  async #publishAndSettle(messages: readonly OutboxMessage[]): Promise<number> {
    const { logger, publisher } = this.#options;
    try {
      const { confirmed, returned, failed } = await publisher.publish(messages);
      if (confirmed.length > 0) {
        failpoint('relay.confirmed');
        this.giveBack(confirmed.map(({ id }) => id));
      }
      if (returned.length > 0) {
        const destinations = [...new Set(returned.map(({ destination }) => destination))].join(', ');
        logger.error(
          `No queue takes ${returned.length} messages for ${destinations}; they stay in the outbox and are tried again. ` +
            'Check the namespace, and whether the participant they are meant for has ever been started.',
        );
        this.#endLeases(returned, UNROUTABLE_DELAY_MS);
      }
      this.#endLeases(failed, 0);
      return confirmed.length + returned.length;
    } catch (error) {
      logger.error(`The publisher broke its promise never to reject: ${String(error)}`);
      return 0;
    }
  }

  #endLeases(messages: readonly OutboxMessage[], delayMs: number): void {
    for (const { id } of messages) {
      if (this.#leases.size < MAX_LEASES) this.#leases.set(id, delayMs);
    }
  }

  /** Sweeps now, or once more after the sweep that is under way. */
  #sweep(): void {
    if (this.#sweeping) {
      this.#sweepAgain = true;
      return;
    }
    this.#sweeping = this.#sweepPages().finally(() => {
      this.#sweeping = undefined;
      if (this.#sweepAgain && this.#timer) {
        this.#sweepAgain = false;
        this.#sweep();
      }
    });
  }

  async #sweepPages(): Promise<void> {
    const { database, publisher, leaseMs, pageSize } = this.#options;
    try {
      for (;;) {
        this.#sweepAgain = false;
        await this.#tidy();
        if (!publisher.ready) return;
        const page = await claimOutbox(database, pageSize, leaseMs);
        this.#databaseAway = false;
        if (page.length === 0) return;
        const settled = await this.#send(page);
        // A page that failed is for the next tick: straight away it would only fail again.
        if (!this.#timer || page.length < pageSize || settled < page.length) return;
      }
    } catch (error) {
      this.#reportDatabase(error);
    }
  }

  /** Deletes what is confirmed and writes the leases that changed. What doesn't work out is kept for the next time. */
  async #tidy(): Promise<void> {
    const { database } = this.#options;
    const ids = this.takeConfirmed();
    const leases = this.#leases;
    this.#leases = new Map();
    try {
      if (ids.length > 0) await deleteOutbox(database, ids);
    } catch (error) {
      this.giveBack(ids);
      this.#leases = new Map([...leases, ...this.#leases]);
      throw error;
    }
    // If this fails the leases just end by themselves.
    if (leases.size > 0) await setLeases(database, leases);
  }

  #reportDatabase(error: unknown): void {
    if (this.#databaseAway) return;
    this.#databaseAway = true;
    const reason = error instanceof Error ? error.message : String(error);
    this.#options.logger.warn(
      `The outbox can't be read now; the relay goes on trying every ${this.#options.sweepEveryMs} ms: ${reason}`,
    );
  }
}

/** Waits for work at most so long; what it throws is of no interest any more. */
async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise((resolve) => (timer = setTimeout(resolve, milliseconds)));
  await Promise.race([work.catch(() => undefined), expiry]);
  clearTimeout(timer);
}
