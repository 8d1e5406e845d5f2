import { commandQueueOf, replyQueueOf } from '@clew/envelope';
import { Relay } from '@clew/outbox';
import { RabbitConsumer, RabbitPublisher } from '@clew/rabbitmq';
import { DEFAULT_POLICIES, type SagaDefinition } from './core/index.js';
import { DeadlineSweeper } from './deadline-sweeper.js';
import { DefinitionRegistry } from './definition-registry.js';
import { ReplyConsumer } from './reply-consumer.js';
import { SagaEngine } from './saga-engine.js';
import type { SagaModuleOptions } from './saga.module.js';
import { SagaStore } from './saga-store.js';
import { Sagas } from './sagas.service.js';

const BATCH_SIZE = 200;
const START_PATIENCE_MS = 5_000;

interface Logger {
  log(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** Everything that runs sagas, put together: engine, relay, deadlines, and two connections to the broker. */
export class Orchestrator {
  readonly sagas: Sagas;
  private readonly registry: DefinitionRegistry;
  private readonly store: SagaStore;
  private readonly publisher: RabbitPublisher;
  private readonly consumer: RabbitConsumer;
  private readonly relay: Relay;
  private readonly engine: SagaEngine;
  private readonly deadlines: DeadlineSweeper;

  constructor(options: SagaModuleOptions, definitions: readonly SagaDefinition[], logger: Logger) {
    const { name, amqpUrl: url, namespace, database, queueType } = options;
    this.registry = new DefinitionRegistry(definitions);
    this.store = new SagaStore(database);
    const replyTo = replyQueueOf(name);
    // The participants' queues too, so that commands wait in them while a participant has never been up.
    const queues = [...this.registry.participants().map(commandQueueOf), replyTo];
    const topology = { namespace, queues, ...(queueType && { queueType }) };
    this.publisher = new RabbitPublisher({ url, topology, logger });
    this.relay = new Relay({
      database,
      publisher: this.publisher,
      logger,
      ...(options.outboxLeaseMs && { leaseMs: options.outboxLeaseMs }),
    });
    this.engine = new SagaEngine(
      this.registry,
      this.store,
      this.relay,
      {
        policies: options.policies ?? DEFAULT_POLICIES,
        replyTo,
        batchSize: BATCH_SIZE,
        startPatienceMs: START_PATIENCE_MS,
      },
      logger,
    );
    const replies = new ReplyConsumer(this.engine, () => this.consumer);
    this.consumer = new RabbitConsumer({
      url,
      topology,
      queue: replyTo,
      prefetch: 2 * BATCH_SIZE,
      onDelivery: (delivery) => replies.handle(delivery),
      publisher: this.publisher,
      logger,
    });
    this.deadlines = new DeadlineSweeper(this.store, this.engine, logger);
    this.sagas = new Sagas(
      this.registry,
      this.engine,
      this.store,
      () => this.publisher.ready && this.consumer.subscribed,
    );
  }

  /** Throws, with a sentence for each reason, when instances in flight can't be carried on by the definitions given. */
  async start(): Promise<void> {
    const conflicts = this.registry.conflictsWith(await this.store.inFlight());
    if (conflicts.length > 0) throw new Error(`Can't start: ${conflicts.join('; ')}.`);
    // Neither waits for the broker: the app starts without it and becomes ready when it comes.
    this.publisher.start();
    void this.consumer.start();
    this.relay.start();
    this.deadlines.start();
  }

  /** Nothing new is taken, what runs is finished, what was committed is published. */
  async stop(): Promise<void> {
    await this.deadlines.stop();
    await this.consumer.stop();
    await this.engine.stop();
    await this.relay.stop();
    await this.consumer.close();
    await this.publisher.close();
  }
}
