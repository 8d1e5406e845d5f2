import { setTimeout as delay } from 'node:timers/promises';
import { connect, type Channel, type ChannelModel } from 'amqplib';

/** For how long a connection may take its leave before it is cut, in milliseconds. */
const leaveMs = 2_000;

export interface SessionOptions<C extends Channel> {
  readonly url: string;
  /** Shown in the broker's list of connections. */
  readonly name: string;
  readonly openChannel: (connection: ChannelModel) => Promise<C>;
  /** Called once, at the very moment it is clear that the session is over, whoever ended it. */
  readonly onEnd: () => void;
  readonly onBlocked: (reason: string) => void;
  readonly onUnblocked: () => void;
  /** A listener of ours threw, which is a bug. */
  readonly onBug: (error: unknown) => void;
}

/**
 * One connection with one channel on it, from the handshake to the end of whichever ends first. There is no way back from
 * the end: whoever wants to go on opens another.
 */
export class BrokerSession<C extends Channel> {
  #hasEnded = false;
  #gone: Promise<void> = Promise.resolve();

  private constructor(
    private readonly options: SessionOptions<C>,
    private readonly connection: ChannelModel,
    readonly channel: C,
    private readonly cut: AbortController,
    private readonly why: { reason?: unknown },
  ) {}

  /**
   * @param cut aborted, it destroys the socket in whatever state it is: the only way to be rid of a peer that is silent
   * @throws if the broker can't be reached or refuses
   */
  static async open<C extends Channel>(
    options: SessionOptions<C>,
    cut: AbortController,
  ): Promise<BrokerSession<C>> {
    const connection = await connect(withHeartbeat(options.url), {
      noDelay: true,
      clientProperties: { connection_name: options.name },
      signal: cut.signal,
    } as Parameters<typeof connect>[1]);

    const why: { reason?: unknown } = {};
    // The connection can end before there is a session to tell.
    let isOver = false;
    let over = () => {
      isOver = true;
    };
    connection.on('error', (error) => (why.reason ??= error)); // `close` follows.
    connection.on('close', (error) => {
      why.reason ??= error;
      over();
    });
    connection.on('blocked', options.onBlocked);
    connection.on('unblocked', options.onUnblocked);
    connection.on('handler-error', options.onBug);

    const channel = await options.openChannel(connection).catch((error: unknown) => {
      throw why.reason ?? error; // What ended the connection says more than that a call on it has failed.
    });
    channel.on('error', (error) => (why.reason ??= error));
    channel.on('close', () => over());
    channel.on('handler-error', options.onBug);
    const session = new BrokerSession(options, connection, channel, cut, why);
    if (isOver) throw session.reason;
    over = () => session.end();
    return session;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Why it has ended. Complete once it is `gone`: a channel tells of its end before its connection says why. */
  get reason(): unknown {
    return this.why.reason ?? new Error('The channel was closed.');
  }

  /** Ends it: for its owner over at once, on the wire politely if the broker still listens. */
  end(reason?: unknown): void {
    if (this.#declareOver(reason)) this.#gone = this.#leave(() => this.connection.close());
  }

  /** Ends it at once on the wire, too: for a peer that is not trusted to listen any more. */
  discard(reason: unknown): void {
    if (this.#declareOver(reason)) this.cut.abort(reason);
  }

  /** Ends it after all that was written on the channel has arrived, acks above all. Resolves when the socket is gone. */
  async close(): Promise<void> {
    if (this.#declareOver(new Error('Closed.')))
      // The channel first: a connection's farewell overtakes what its channels still have to say.
      this.#gone = this.#leave(() => this.channel.close().then(() => this.connection.close()));
    await this.#gone;
  }

  /** Resolves when the socket of a session that has ended is gone. Two seconds at the most. */
  get gone(): Promise<void> {
    return this.#gone;
  }

  #declareOver(reason: unknown): boolean {
    if (this.#hasEnded) return false;
    this.#hasEnded = true;
    this.why.reason ??= reason;
    this.options.onEnd();
    return true;
  }

  async #leave(sayGoodbye: () => Promise<void>): Promise<void> {
    const timer = new AbortController();
    await Promise.race([
      sayGoodbye().catch(() => {}),
      delay(leaveMs, undefined, { signal: timer.signal }).catch(() => {}),
    ]);
    timer.abort();
    this.cut.abort();
  }
}

/** With the 60 s that RabbitMQ suggests, a silent peer goes unnoticed for two minutes. A URL with `heartbeat=` has its way. */
function withHeartbeat(url: string): string {
  const { searchParams } = new URL(url);
  if (searchParams.has('heartbeat')) return url;
  return `${url}${url.includes('?') ? '&' : '?'}heartbeat=5`;
}
