import { setTimeout as delay } from 'node:timers/promises';
import type { Channel, ChannelModel } from 'amqplib';
import type { Logger } from '@clew/broker';
import { pauseAfter, reconnectBackoff } from './backoff.js';
import { BrokerSession } from './broker-session.js';
import { describeFailure, placeOf } from './connection-failure.js';
import { QuietLog } from './quiet-log.js';

/** How long connecting and setting up may take before it is called off, in milliseconds. */
const setUpLimitMs = 20_000;
/** A session that lived that long was a good one: after it the pauses begin small again. */
const goodSessionMs = 5_000;

export interface ReconnectingConnectionOptions<C extends Channel> {
  readonly url: string;
  /** Shown in the broker's list of connections and in the log. */
  readonly name: string;
  readonly logger: Logger;
  readonly openChannel: (connection: ChannelModel) => Promise<C>;
  /** Makes a new channel fit for use. If it fails, the connection is closed and everything starts over. */
  readonly setUp: (channel: C) => Promise<void>;
  /** The channel is set up. */
  readonly onUp: (channel: C) => void;
  /** The channel is gone, and all that was under way on it. Also called when it goes during its set-up. */
  readonly onDown: () => void;
  readonly onBlocked?: (blocked: boolean) => void;
}

/**
 * Keeps one connection with one channel up, for ever, until closed. Whatever goes wrong (connection lost, channel closed by
 * the broker, set-up refused) has one answer: drop both, rest a little, begin again from nothing.
 */
export class ReconnectingConnection<C extends Channel> {
  readonly #options: ReconnectingConnectionOptions<C>;
  readonly #place: string;
  readonly #log: QuietLog;
  readonly #closing = new AbortController();
  #session: BrokerSession<C> | undefined;
  #cut: AbortController | undefined;
  #running: Promise<void> | undefined;

  /** @throws TypeError if the URL is none of RabbitMQ's */
  constructor(options: ReconnectingConnectionOptions<C>) {
    const protocol = URL.canParse(options.url) ? new URL(options.url).protocol : undefined;
    if (protocol !== 'amqp:' && protocol !== 'amqps:')
      throw new TypeError('The URL of RabbitMQ must look like amqp://user:password@host:5672/vhost.');
    this.#options = options;
    this.#place = placeOf(options.url);
    this.#log = new QuietLog(options.logger);
  }

  /** Begins to connect. Calling it again does nothing. */
  start(): void {
    if (!this.#closing.signal.aborted) this.#running ??= this.#run();
  }

  /** Gives the connection up without a farewell and makes a new one: for a broker that doesn't answer any more. */
  discard(reason: string): void {
    this.#session?.discard(new Error(reason));
  }

  /** Closes the connection and makes a new one. */
  restart(reason: string): void {
    this.#session?.end(new Error(reason));
  }

  /** For good. What was written before it, acks too, is sent. Resolves when no socket and no timer is left. */
  async close(): Promise<void> {
    if (!this.#closing.signal.aborted) {
      this.#closing.abort();
      await this.#session?.close();
      this.#cut?.abort(); // Whatever it was at: connecting, setting up, or taking leave.
    }
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#closing.signal.aborted;) {
      const startedAt = performance.now();
      const reason = await this.#runSession();
      if (this.#closing.signal.aborted) return;
      failures += 1;
      if (performance.now() - startedAt > goodSessionMs) {
        failures = 1;
        this.#log.forget();
      }
      this.#log.warn(`${this.#options.name}: ${describeFailure(reason, this.#place)} Trying again.`);
      const pause = pauseAfter(failures, reconnectBackoff);
      await delay(pause, undefined, { signal: this.#closing.signal }).catch(() => {});
    }
  }

  /** From connecting to the end. Never rejects: resolves with why it is over. */
  async #runSession(): Promise<unknown> {
    const cut = (this.#cut = new AbortController());
    const overdue = setTimeout(
      () => cut.abort(new Error(`Connecting and setting up took longer than ${setUpLimitMs / 1000} s.`)),
      setUpLimitMs,
    );
    let tellEnd!: () => void;
    const end = new Promise<void>((resolve) => (tellEnd = resolve));
    try {
      const session = await BrokerSession.open(
        {
          url: this.#options.url,
          name: this.#options.name,
          openChannel: this.#options.openChannel,
          onEnd: () => {
            tellEnd();
            this.#options.onDown();
          },
          onBlocked: (reason) => this.#noticeBlocked(reason),
          onUnblocked: () => this.#noticeUnblocked(),
          onBug: (error) => this.#noticeBug(error),
        },
        cut,
      );
      this.#session = session;
      try {
        await this.#options.setUp(session.channel);
      } catch (error) {
        session.end(error);
      }
      if (!session.hasEnded) {
        this.#options.logger.log(`${this.#options.name}: connected to ${this.#place}.`);
        this.#options.onUp(session.channel);
      }
      clearTimeout(overdue);
      await end;
      await session.gone;
      return session.reason;
    } catch (error) {
      cut.abort();
      return error;
    } finally {
      this.#session = undefined;
      clearTimeout(overdue);
    }
  }

  #noticeBlocked(reason: string): void {
    this.#log.warn(
      `${this.#options.name}: ${this.#place} takes no messages until its alarm is over (${reason}): see to its memory or disk.`,
    );
    this.#options.onBlocked?.(true);
  }

  #noticeUnblocked(): void {
    this.#options.logger.log(`${this.#options.name}: ${this.#place} takes messages again.`);
    this.#options.onBlocked?.(false);
  }

  #noticeBug(error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#log.error(`${this.#options.name}: a listener failed, which is a bug: ${text}`);
  }
}
