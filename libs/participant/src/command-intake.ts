import type { Broker, BrokerConsumer, BrokerPublisher, Delivery, Logger, Routes } from '@clew/broker';
import { CommandProcessor, type CommandProcessorOptions } from './command-processor.js';

export interface CommandIntakeOptions extends Pick<
  CommandProcessorOptions,
  'batchSize' | 'read' | 'transaction' | 'hasHandler'
> {
  readonly broker: Broker;
  readonly routes: Routes;
  readonly queue: string;
  readonly prefetch: number;
  readonly publisher: BrokerPublisher;
  readonly logger: Logger;
  /** Takes deliveries that bring no commands. Gives whether it did. */
  readonly divert?: (delivery: Delivery) => boolean;
}

/** One queue with what takes its deliveries to their end. */
export class CommandIntake {
  readonly consumer: BrokerConsumer;
  readonly #processor: CommandProcessor;

  constructor(options: CommandIntakeOptions) {
    const { broker, routes, queue, prefetch, publisher, logger, divert, ...processing } = options;
    this.#processor = new CommandProcessor({
      ...processing,
      logger,
      ack: (deliveries) => this.consumer.ack(deliveries),
      park: (delivery, reason) => this.consumer.park(delivery, reason),
    });
    this.consumer = broker.consumer({
      routes,
      queue,
      prefetch,
      publisher,
      logger,
      onDelivery: (delivery) => {
        if (!divert?.(delivery)) this.#processor.take(delivery);
      },
      onLost: () => this.#processor.forgetDeliveries(),
    });
  }

  /** Hands nothing more over, and finishes what runs. */
  async stop(): Promise<void> {
    // At once: no further batch begins while the broker takes its time to stop deliveries.
    const finished = this.#processor.stop();
    await this.consumer.stop();
    await finished;
  }
}
