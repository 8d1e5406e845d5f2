import { Inject, Injectable, Logger } from '@nestjs/common';
import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import type { BrokerConsumer, BrokerPublisher, Routes } from '@clew/broker';
import { commandQueueOf, factQueueOf, isForget } from '@clew/envelope';
import { Relay } from '@clew/outbox';
import type { CommandBatchContext } from './command-batch-context.js';
import type { CommandContext } from './command-context.js';
import { COMMAND_MARK, COMMAND_TRANSPORT } from './command-handler.decorator.js';
import { ChoreographedSagas } from './choreographed-sagas.js';
import { CommandIntake } from './command-intake.js';
import { CommandTransaction } from './command-transaction.js';
import { FenceCleaner } from './fence-cleaner.js';
import { PARTICIPANT_OPTIONS, type ParticipantOptions } from './participant-options.js';
import { NestHandlers } from './nest-handlers.js';
import { readCommandDelivery } from './received-command.js';

const DEFAULT_BATCH_SIZE = 200;

/**
 * The transport strategy: takes commands from the participant's queue to its handlers, and the replies back; and from the
 * queue of facts what it does by itself in choreographed sagas.
 */
@Injectable()
export class CommandServer extends Server implements CustomTransportStrategy {
  override readonly transportId = COMMAND_TRANSPORT;
  readonly #name: string;
  readonly #publisher: BrokerPublisher;
  readonly #relay: Relay;
  readonly #choreographed: ChoreographedSagas;
  readonly #commands: CommandIntake;
  /** Of choreographed sagas, if there are any. */
  readonly #facts: CommandIntake | undefined;
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
    const choreographed = new ChoreographedSagas(name, options.choreographed ?? []);
    const commands = commandQueueOf(name);
    const { queues, subscriptions } = choreographed.routes;
    const routes: Routes = { queues: [commands, ...queues], ...(queues.length > 0 && { subscriptions }) };
    this.#name = name;
    this.#choreographed = choreographed;
    this.#publisher = broker.publisher({ routes, logger, name: `publisher of ${name}` });
    this.#relay = new Relay({
      database,
      publisher: this.#publisher,
      logger,
      ...(options.outboxLeaseMs && { leaseMs: options.outboxLeaseMs }),
    });
    const intake = {
      broker,
      routes,
      prefetch,
      publisher: this.#publisher,
      logger,
      batchSize,
      transaction: new CommandTransaction({
        database,
        relay: this.#relay,
        handlers: new NestHandlers(this.messageHandlers, (...handling) => this.#call(...handling)),
      }),
      hasHandler: (type: string) => this.messageHandlers.has(type),
    };
    this.#commands = new CommandIntake({
      ...intake,
      queue: commands,
      read: (delivery, subscription) => [readCommandDelivery(delivery, subscription)],
      divert: (delivery) => {
        if (isForget(delivery)) this.#cleaner.take(delivery);
        return isForget(delivery);
      },
    });
    this.#facts =
      queues.length > 0
        ? new CommandIntake({
            ...intake,
            queue: factQueueOf(name),
            read: (delivery, subscription) => choreographed.commandsOn(delivery, subscription),
          })
        : undefined;
    this.#cleaner = new FenceCleaner({
      database,
      logger,
      ack: (deliveries) => this.#commands.consumer.ack(deliveries),
      park: (delivery, reason) => this.#commands.consumer.park(delivery, reason),
    });
  }

  /** Commands reach this process, and replies leave it. */
  get ready(): boolean {
    const intakes = [this.#commands, ...(this.#facts ? [this.#facts] : [])];
    return intakes.every(({ consumer }) => consumer.subscribed) && this.#publisher.ready;
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

  /**
   * Begins to work, and comes back at once: the broker may come later. `ready` tells.
   *
   * @throws Error if a step of a choreographed saga has no handler here
   */
  listen(callback: (error?: unknown) => void): void {
    for (const type of this.#choreographed.commandTypes) {
      if (!this.messageHandlers.has(type))
        throw new Error(`No handler takes the command ${type}, which a choreographed saga needs.`);
    }
    this.#publisher.start();
    this.#relay.start();
    void this.#commands.consumer.start();
    void this.#facts?.consumer.start();
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
    return { consumer: this.#commands.consumer, publisher: this.#publisher } as T;
  }

  async #close(): Promise<void> {
    await Promise.all([this.#commands.stop(), this.#facts?.stop(), this.#cleaner.stop()]);
    await this.#relay.stop();
    await Promise.all([this.#commands.consumer.close(), this.#facts?.consumer.close()]);
    await this.#publisher.close();
  }

  #call(
    handler: MessageHandler,
    data: unknown,
    context: CommandContext | CommandBatchContext,
  ): Promise<unknown> {
    // The hooks need not return what they are given to run, so its end is told by a promise of our own.
    return new Promise((resolve, reject) => {
      const run = async () => {
        try {
          const result: unknown = await handler(data, context);
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
