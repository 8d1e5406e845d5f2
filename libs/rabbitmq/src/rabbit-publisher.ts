import { IllegalOperationError, type ConfirmChannel, type Message } from 'amqplib';
import type { BrokerPublisher, OutgoingMessage, PublishResult } from '@clew/broker';
import { ConfirmWindow } from './confirm-window.js';
import { deadLetterOf, type DeadLetter } from './dead-letter.js';
import type { RabbitDelivery } from './delivery.js';
import { nowInSeconds, propertiesOf, propertiesOfPack } from './message-properties.js';
import { packed } from './pack.js';
import { fateOf, isPack, Packing, type Parcel } from './packing.js';
import { PublishCall, Outcome, type Addressed, type Writing } from './publish-call.js';
import { QuietLog } from './quiet-log.js';
import type { RabbitPublisherOptions } from './rabbit-publisher-options.js';
import { ReconnectingConnection } from './reconnecting-connection.js';
import { userOf } from './sender.js';
import {
  assertTopology,
  checkSubscriptions,
  deadLetterExchangeOf,
  exchangeFor,
  exchangeOf,
  hasQueueFor,
  isPackKey,
} from './topology.js';

const unroutableEveryMs = 10_000;

/**
 * Publishes batches of persistent messages and says of each what became of it. Any number of `publish()` calls may be
 * under way; what they send goes out in the order of the calls.
 */
export class RabbitPublisher implements BrokerPublisher {
  readonly #options: RabbitPublisherOptions;
  readonly #confirmTimeoutMs: number;
  readonly #maxInFlight: number;
  readonly #maxInFlightBytes: number;
  readonly #connection: ReconnectingConnection<ConfirmChannel>;
  readonly #log: QuietLog;
  readonly #unroutableLog: QuietLog;
  readonly #messages: Writing<OutgoingMessage>;
  readonly #parcels: Writing<Parcel>;
  readonly #deadLetters: Writing<DeadLetter>;
  readonly #packing: Packing;
  readonly #readyListeners = new Set<() => void>();

  /** Calls with something still to be written, in their order. */
  #queue: PublishCall[] = [];
  #channel: ConfirmChannel | undefined;
  #window = new ConfirmWindow();
  #isCongested = false;
  #isBlocked = false;
  #watch: NodeJS.Timeout | undefined;
  #restoring = false;

  /** @throws TypeError if the URL is none of RabbitMQ's; RangeError if an unknown queue subscribes to topics */
  constructor(options: RabbitPublisherOptions) {
    const { url, topology, logger, name = 'publisher' } = options;
    checkSubscriptions(topology);
    const user = userOf(url);
    this.#options = options;
    this.#confirmTimeoutMs = options.confirmTimeoutMs ?? 8_000;
    this.#maxInFlight = options.maxInFlight ?? 2_000;
    this.#maxInFlightBytes = options.maxInFlightBytes ?? 16 * 1024 * 1024;
    this.#packing = new Packing(options.mostInPack ?? 100);
    this.#log = new QuietLog(logger);
    this.#unroutableLog = new QuietLog(logger, unroutableEveryMs);
    this.#messages = {
      exchangeOf: (message) => exchangeFor(topology, message),
      longest: options.maxMessageBytes ?? 16 * 1024 * 1024,
      contentOf: (message) => Buffer.from(message.payload),
      optionsOf: (message) => propertiesOf(message, user),
    };
    this.#parcels = {
      exchangeOf: (parcel) => (isPack(parcel) ? exchangeOf(topology) : this.#messages.exchangeOf(parcel)),
      longest: this.#messages.longest,
      contentOf: (parcel) =>
        isPack(parcel) ? packed(parcel.packs, nowInSeconds()) : this.#messages.contentOf(parcel),
      optionsOf: (parcel) => (isPack(parcel) ? propertiesOfPack(parcel, user) : propertiesOf(parcel, user)),
    };
    this.#deadLetters = {
      exchangeOf: () => deadLetterExchangeOf(topology),
      longest: Infinity, // The broker took it once.
      contentOf: (deadLetter) => deadLetter.content,
      optionsOf: (deadLetter) => ({ ...deadLetter.options, userId: user }),
      bareOptionsOf: (deadLetter) => ({ ...deadLetter.bareOptions, userId: user }),
    };
    this.#connection = new ReconnectingConnection<ConfirmChannel>({
      url,
      name,
      logger,
      openChannel: (connection) => connection.createConfirmChannel(),
      setUp: (channel) => assertTopology(channel, topology),
      onUp: (channel) => this.#onUp(channel),
      onDown: () => this.#onDown(),
      onBlocked: (blocked) => this.#onBlocked(blocked),
    });
  }

  /** Connected, topology declared, and the broker takes messages. */
  get ready(): boolean {
    return this.#channel !== undefined && !this.#isBlocked;
  }

  /** Connected, and the broker takes no messages: an alarm, as memory or disk run out. */
  get blocked(): boolean {
    return this.#channel !== undefined && this.#isBlocked;
  }

  /** Messages that were sent and aren't confirmed yet. */
  get inFlight(): number {
    return this.#window.messages;
  }

  /** Begins to connect, and goes on for ever. Never throws; `ready` and `onReady` tell how it goes. */
  start(): void {
    this.#connection.start();
  }

  /**
   * Calls the listener each time this becomes ready, not for being so already.
   *
   * @returns how to unsubscribe
   */
  onReady(listener: () => void): () => void {
    this.#readyListeners.add(listener);
    return () => this.#readyListeners.delete(listener);
  }

  /**
   * Sends persistent messages and resolves when the fate of each is known. Never rejects, and always settles: fails at
   * once when not `ready`, and soon after the confirm timeout if the broker falls silent.
   */
  publish<T extends OutgoingMessage>(messages: readonly T[]): Promise<PublishResult<T>> {
    const parcels = this.#packing.parcelsOf(messages);
    return parcels.some(isPack)
      ? this.#publishParcels(messages, parcels)
      : this.#publish(messages, this.#messages);
  }

  /**
   * Sends a copy to the dead letters of the queue it came from. Never rejects.
   *
   * @returns whether the broker has confirmed it
   */
  async publishDeadLetter(delivery: RabbitDelivery, reason: string): Promise<boolean> {
    const { confirmed } = await this.#publish([deadLetterOf(delivery, reason)], this.#deadLetters);
    return confirmed.length === 1;
  }

  /** For good. What isn't confirmed by then fails. Resolves when no socket and no timer is left. */
  async close(): Promise<void> {
    this.#readyListeners.clear();
    await this.#connection.close();
  }

  async #publishParcels<T extends OutgoingMessage>(
    messages: readonly T[],
    parcels: readonly Parcel[],
  ): Promise<PublishResult<T>> {
    const { confirmed, returned, failed } = await this.#publish(parcels, this.#parcels);
    const packs = returned.filter(isPack);
    if (packs.length === 0) return fateOf(messages, { confirmed, returned, failed });
    this.#packing.refused(packs);
    const singly = await this.#publish(
      packs.flatMap((pack) => pack.packs),
      this.#messages,
    );
    return fateOf(messages, {
      confirmed: [...confirmed, ...singly.confirmed],
      returned: [...returned.filter((parcel) => !isPack(parcel)), ...singly.returned],
      failed: [...failed, ...singly.failed],
    });
  }

  #publish<T extends Addressed>(messages: readonly T[], writing: Writing<T>): Promise<PublishResult<T>> {
    if (!this.ready || messages.length === 0)
      return Promise.resolve({ confirmed: [], returned: [], failed: [...messages] });
    return new Promise((resolve) => {
      this.#queue.push(new PublishCall(messages, writing, resolve) as unknown as PublishCall);
      this.#write();
    });
  }

  /** Writes what may be written now. Called again whenever there is room: after confirms and after `drain`. */
  #write(): void {
    const now = performance.now();
    let call: PublishCall | undefined;
    while ((call = this.#queue[0])) {
      while (!call.isWritten) {
        if (!this.#channel || this.#isBlocked || !this.#hasRoom()) return this.#watchConfirms();
        if (!this.#writeOne(this.#channel, call, now)) return;
      }
      this.#queue.shift();
    }
    this.#watchConfirms();
  }

  #hasRoom(): boolean {
    const { messages, bytes } = this.#window;
    return !this.#isCongested && messages < this.#maxInFlight && bytes < this.#maxInFlightBytes;
  }

  /** @returns false if the channel turned out to be dead */
  #writeOne(channel: ConfirmChannel, call: PublishCall, now: number): boolean {
    const index = call.next;
    const message = call.messages[index]!;
    const { exchangeOf, longest, contentOf, optionsOf, bareOptionsOf } = call.writing;
    try {
      const exchange = exchangeOf(message);
      const content = contentOf(message);
      if (content.length > longest)
        throw new RangeError(`its payload has ${content.length} bytes, ${longest} are allowed`);
      let hasRoom: boolean;
      try {
        hasRoom = channel.publish(exchange, message.destination, content, optionsOf(message));
      } catch (error) {
        if (!bareOptionsOf || error instanceof IllegalOperationError) throw error;
        hasRoom = channel.publish(exchange, message.destination, content, bareOptionsOf(message));
      }
      this.#isCongested = !hasRoom;
      this.#window.sent(call, index, content.length, now);
    } catch (error) {
      if (error instanceof IllegalOperationError) {
        this.#connection.discard('The channel is closed.');
        return false;
      }
      call.settle(index, Outcome.failed);
      this.#log.error(
        `Message ${message.messageId} for ${message.destination} can't be sent, now or ever: ${(error as Error).message}.`,
      );
    }
    call.next = index + 1;
    return true;
  }

  #onUp(channel: ConfirmChannel): void {
    this.#channel = channel;
    this.#window = new ConfirmWindow();
    this.#isCongested = false;
    this.#isBlocked = false;
    const window = this.#window;
    channel.on('ack', ({ deliveryTag, multiple }) => {
      window.acked(deliveryTag, multiple);
      this.#write();
    });
    channel.on('nack', ({ deliveryTag, multiple }) => {
      this.#log.warn('RabbitMQ refused messages (nack): a queue is full or was in trouble. They will fail.');
      window.nacked(deliveryTag, multiple);
      this.#write();
    });
    channel.on('return', (message) => this.#onReturn(channel, message));
    channel.on('drain', () => {
      this.#isCongested = false;
      this.#write();
    });
    this.#tellReady();
  }

  #onDown(): void {
    this.#channel = undefined;
    clearTimeout(this.#watch);
    this.#watch = undefined;
    this.#failUnwritten();
    this.#window.abandon();
  }

  #onBlocked(blocked: boolean): void {
    this.#isBlocked = blocked;
    if (blocked) this.#failUnwritten();
    else if (this.ready) this.#tellReady();
  }

  #onReturn(channel: ConfirmChannel, { fields, properties }: Message): void {
    const { exchange, routingKey } = fields;
    this.#window.returned({ exchange, routingKey, messageId: properties.messageId });
    if (isPackKey(routingKey)) return;
    this.#unroutableLog.error(
      `No queue takes messages for "${routingKey}" from the exchange ${exchange}: they came back. Is it in the topology?`,
    );
    if (hasQueueFor(this.#options.topology, exchange, routingKey)) this.#restoreTopology(channel);
  }

  /** Someone has deleted a queue that we know of. A failure closes the channel, and with that everything starts over. */
  #restoreTopology(channel: ConfirmChannel): void {
    if (this.#restoring) return;
    this.#restoring = true;
    assertTopology(channel, this.#options.topology)
      .catch(() => {})
      .finally(() => (this.#restoring = false));
  }

  #failUnwritten(): void {
    const queue = this.#queue;
    this.#queue = [];
    for (const call of queue) call.giveUpUnwritten();
  }

  #watchConfirms(): void {
    const oldest = this.#window.oldestSentAt;
    if (oldest === undefined || this.#watch) return;
    const left = oldest + this.#confirmTimeoutMs - performance.now();
    this.#watch = setTimeout(
      () => {
        this.#watch = undefined;
        const oldestNow = this.#window.oldestSentAt ?? Infinity;
        if (performance.now() - oldestNow >= this.#confirmTimeoutMs) this.#onConfirmTimeout();
        this.#watchConfirms();
      },
      Math.max(1, left),
    );
  }

  #onConfirmTimeout(): void {
    // A broker with an alarm is silent for a reason, and says on this very connection when it is over.
    if (this.#isBlocked) this.#window.abandon();
    else this.#connection.discard(`No confirm came within ${this.#confirmTimeoutMs} ms.`);
  }

  #tellReady(): void {
    for (const listener of this.#readyListeners) {
      try {
        listener();
      } catch (error) {
        this.#log.error(`A listener for "ready" failed, which is a bug: ${String(error)}`);
      }
    }
  }
}
