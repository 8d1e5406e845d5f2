import type { ConfirmChannel, GetMessage } from 'amqplib';
import type { DeadLetter } from '@clew/broker';
import { BrokerSession } from './broker-session.js';
import { readDeadLetter, redrivenOptions } from './read-dead-letter.js';
import { userOf } from './sender.js';
import { assertTopology, deadLetterQueueOf, exchangeOf, type Topology } from './topology.js';

/** A dead letter that nobody else is given as long as the visit lasts. */
export interface HeldLetter {
  readonly letter: DeadLetter;
  readonly message: GetMessage;
}

/**
 * A look into the dead-letter queues, on a connection of its own. What is taken and not settled goes back at the end,
 * or when the connection breaks: before what nobody has looked at, but quorum queues mix it up among itself.
 */
export class DeadLetterVisit {
  #returned = 0;

  private constructor(
    private readonly topology: Topology,
    private readonly user: string,
    private readonly session: BrokerSession<ConfirmChannel>,
  ) {
    session.channel.on('return', () => (this.#returned += 1));
  }

  /**
   * Everything of the topology is there afterwards.
   *
   * @param cut ends it at once, in whatever state it is
   * @throws if the broker can't be reached or refuses
   */
  static async begin(url: string, topology: Topology, cut: AbortController): Promise<DeadLetterVisit> {
    const session = await BrokerSession.open<ConfirmChannel>(
      {
        url,
        name: 'dead letters',
        openChannel: (connection) => connection.createConfirmChannel(),
        onEnd: () => {}, // The calls that it fails say so.
        onBlocked: (reason) => cut.abort(new Error(`The broker takes no messages: ${reason}.`)),
        onUnblocked: () => {},
        onBug: (error) => cut.abort(error),
      },
      cut,
    );
    try {
      await assertTopology(session.channel, topology);
    } catch (error) {
      session.end(error);
      await session.gone;
      throw session.reason;
    }
    return new DeadLetterVisit(topology, userOf(url), session);
  }

  /** Why it is over, if it is over before its end. */
  get failure(): unknown {
    return this.session.hasEnded ? this.session.reason : undefined;
  }

  /** How many dead letters of a queue there are that nobody has taken. */
  async count(queue: string): Promise<number> {
    const { messageCount } = await this.session.channel.checkQueue(deadLetterQueueOf(this.topology, queue));
    return messageCount;
  }

  /** The next letter of a queue; `undefined` if there is none. */
  async take(queue: string): Promise<HeldLetter | undefined> {
    const message = await this.session.channel.get(deadLetterQueueOf(this.topology, queue));
    return message ? { letter: readDeadLetter(message, queue), message } : undefined;
  }

  /**
   * Puts copies of letters into the queue that parked them, and is rid of those whose copies are confirmed there. If any of
   * them was returned, all stay: which one it was can't be told, as their message ids may be alike.
   *
   * @param queue of all of these letters
   * @returns those that it is rid of
   */
  async sendBack(queue: string, letters: readonly HeldLetter[]): Promise<HeldLetter[]> {
    const returnedBefore = this.#returned;
    const isConfirmed = await Promise.all(letters.map(({ message }) => this.#publish(queue, message)));
    if (this.#returned > returnedBefore) return [];
    const sentBack = letters.filter((_, index) => isConfirmed[index]);
    this.drop(sentBack);
    return sentBack;
  }

  /** Is rid of letters for good. */
  drop(letters: readonly HeldLetter[]): void {
    for (const { message } of letters) this.session.channel.ack(message);
  }

  /** Gives back what isn't settled. Resolves when no socket is left. */
  end(): Promise<void> {
    return this.session.close();
  }

  /** Not by its topic, if it had one: others have had it, and they would have it again. */
  #publish(queue: string, { content, properties }: GetMessage): Promise<boolean> {
    const options = redrivenOptions(properties, this.user);
    return new Promise((resolve) => {
      try {
        this.session.channel.publish(exchangeOf(this.topology), queue, content, options, (error) =>
          resolve(!error),
        );
      } catch {
        resolve(false); // It can't be written, or the channel is gone, which the next call will tell.
      }
    });
  }
}
