import { Inject, Injectable, Logger } from '@nestjs/common';
import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import type { BrokerConsumer, BrokerPublisher } from '@clew/broker';
import { commandQueueOf, isForget } from '@clew/envelope';
import { Relay, type SqlExecutor } from '@clew/outbox';
import { CommandContext } from './command-context.js';
import { COMMAND_MARK, COMMAND_TRANSPORT, type CommandHandlerOptions } from './command-handler.decorator.js';
import { CommandProcessor } from './command-processor.js';
import { CommandTransaction } from './command-transaction.js';
import { FenceCleaner } from './fence-cleaner.js';
import { PARTICIPANT_OPTIONS, type ParticipantOptions } from './participant-options.js';
import type { ReceivedCommand } from './received-command.js';
import { TransientFault } from './transient-fault.js';

const DEFAULT_BATCH_SIZE = 100;

/** The transport strategy: takes commands from the participant's queue to its handlers, and the replies back. */
@Injectable()
export class CommandServer extends Server implements CustomTransportStrategy {
  override readonly transportId = COMMAND_TRANSPORT;
  readonly #name: string;
  readonly #publisher: BrokerPublisher;
  readonly #consumer: BrokerConsumer;
  readonly #relay: Relay;
  readonly #processor: CommandProcessor;
  readonly #cleaner: FenceCleaner;
  #closing: Promise<void> | undefined;

  /** @throws TypeError or RangeError if the options can't be right */
  constructor(@Inject(PARTICIPANT_OPTIONS) options: ParticipantOptions) {
    super();
    const { name, broker, database } = options;
    const { batchSize = DEFAULT_BATCH_SIZE, prefetch = 2 * batchSize } = options;
    if (!Number.isInteger(batchSize) || batchSize < 1) {
      throw new RangeError(`The batch size must be a whole number from 1, not ${batchSize}.`);
    }
    const logger = new Logger(`Participant ${name}`);
    const queue = commandQueueOf(name);
    const routes = { queues: [queue] };
    this.#name = name;
    this.#publisher = broker.publisher({ routes, logger, name: `publisher of ${name}` });
    this.#relay = new Relay({
      database,
      publisher: this.#publisher,
      logger,
      ...(options.outboxLeaseMs && { leaseMs: options.outboxLeaseMs }),
    });
    this.#processor = new CommandProcessor({
      batchSize,
      logger,
      transaction: new CommandTransaction({
        database,
        relay: this.#relay,
        invoke: (command, transaction) => this.#invoke(command, transaction),
        isPassing: ({ envelope }, error) => this.#isPassing(envelope.type, error),
      }),
      hasHandler: (type) => this.messageHandlers.has(type),
      ack: (deliveries) => this.#consumer.ack(deliveries),
      park: (delivery, reason) => this.#consumer.park(delivery, reason),
    });
    this.#cleaner = new FenceCleaner({
      database,
      logger,
      ack: (deliveries) => this.#consumer.ack(deliveries),
      park: (delivery, reason) => this.#consumer.park(delivery, reason),
    });
    this.#consumer = broker.consumer({
      routes,
      queue,
      prefetch,
      publisher: this.#publisher,
      logger,
      onDelivery: (delivery) => (isForget(delivery) ? this.#cleaner : this.#processor).take(delivery),
      onLost: () => this.#processor.forgetDeliveries(),
    });
  }

  #isPassing(type: string, error: unknown): boolean {
    const { transient }: CommandHandlerOptions = this.messageHandlers.get(type)?.extras ?? {};
    return error instanceof TransientFault || transient?.(error) === true;
  }

  /** Commands reach this process, and replies leave it. */
  get ready(): boolean {
    return this.#consumer.subscribed && this.#publisher.ready;
  }

  /** @throws Error if the command is another participant's, or has a handler already */
  override addHandler(
    pattern: unknown,
    callback: MessageHandler,
    isEventHandler = false,
    extras: Record<string, unknown> = {},
  ): void {
    // Nest offers what is marked for no transport to every transport.
    if (extras[COMMAND_MARK] !== true) return;
    const type = String(pattern);
    if (!type.startsWith(`${this.#name}.`)) {
      throw new Error(
        `The participant ${this.#name} gets commands of types ${this.#name}.*; its handler of ${type} would never be called.`,
      );
    }
    if (this.messageHandlers.has(type))
      throw new Error(`Two handlers take the command ${type}; it must be one.`);
    super.addHandler(pattern, callback, isEventHandler, extras);
  }

  /** Begins to work, and comes back at once: the broker may come later. `ready` tells. */
  listen(callback: (error?: unknown) => void): void {
    this.#publisher.start();
    this.#relay.start();
    void this.#consumer.start();
    callback();
  }

  /** Stops consuming, finishes what runs, publishes what is committed, and closes the connections. May be called again. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  on(): never {
    throw new Error('The command server has no events');
  }

  unwrap<T = { consumer: BrokerConsumer; publisher: BrokerPublisher }>(): T {
    return { consumer: this.#consumer, publisher: this.#publisher } as T;
  }

  async #close(): Promise<void> {
    // At once: no further batch begins while the broker takes its time to stop deliveries.
    const finished = Promise.all([this.#processor.stop(), this.#cleaner.stop()]);
    await this.#consumer.stop();
    await finished;
    await this.#relay.stop();
    await this.#consumer.close();
    await this.#publisher.close();
  }

  #invoke({ envelope, payload }: ReceivedCommand, transaction: SqlExecutor): Promise<unknown> {
    const handler = this.messageHandlers.get(envelope.type)!;
    const context = new CommandContext(envelope, transaction);
    // The hooks need not return what they are given to run, so its end is told by a promise of our own.
    return new Promise((resolve, reject) => {
      const run = async () => {
        try {
          // A copy: pipes may change what they get, and the command may be handled again after a rollback.
          const result: unknown = await handler(structuredClone(payload), context);
          resolve(await lastValueFrom(this.transformToObservable(result), { defaultValue: undefined }));
        } catch (error) {
          // Whatever it is, its receiver knows all kinds.
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
          reject(error);
        } finally {
          this.onProcessingEndHook?.(this.transportId, context);
        }
      };
      Promise.resolve(this.onProcessingStartHook(this.transportId, context, run)).catch(reject);
    });
  }
}
