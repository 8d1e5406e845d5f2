import type { BrokerConsumer, BrokerPublisher, Logger } from '@clew/broker';
import { commandQueueOf, replyQueueOf } from '@clew/envelope';
import { Relay } from '@clew/outbox';
import { DEFAULT_POLICIES, type SagaDefinition } from './core/index.js';
import { DeadlineSweeper } from './deadline-sweeper.js';
import { DefinitionRegistry } from './definition-registry.js';
import { childWorkReader } from './child-work.js';
import { DefinitionStore } from './definition-store.js';
import { EngineConsumer, type WorkReader } from './engine-consumer.js';
import { LockStore } from './lock-store.js';
import { LockSweeper } from './lock-sweeper.js';
import { workOfReply } from './reply-work.js';
import { retentionOf } from './retention.js';
import { SagaCleaner } from './saga-cleaner.js';
import { SagaEngine } from './saga-engine.js';
import type { SagaModuleOptions } from './saga.module.js';
import { SagaStore } from './saga-store.js';
import { Sagas } from './sagas.service.js';

const BATCH_SIZE = 200;
const PATIENCE_MS = 5_000;

/** Everything that runs sagas, put together: engine, relay, deadlines, locks, cleaner, and connections to the broker. */
export class Orchestrator {
  readonly sagas: Sagas;
  private readonly registry: DefinitionRegistry;
  private readonly store: SagaStore;
  private readonly publisher: BrokerPublisher;
  /** Of replies; and, where there are child sagas, of commands about them. */
  private readonly consumers: readonly BrokerConsumer[];
  private readonly relay: Relay;
  private readonly engine: SagaEngine;
  private readonly deadlines: DeadlineSweeper;
  private readonly locks: LockSweeper | undefined;
  private readonly definitions: DefinitionStore;
  private readonly cleaner: SagaCleaner;

  /** @throws RangeError with a sentence if the retention is too short */
  constructor(options: SagaModuleOptions, definitions: readonly SagaDefinition[], logger: Logger) {
    const { name, broker, database } = options;
    this.registry = new DefinitionRegistry(definitions);
    this.store = new SagaStore(database);
    this.definitions = new DefinitionStore(database);
    const lockStore = new LockStore(database);
    const replyTo = replyQueueOf(name);
    // The participants' queues too, so that commands wait in them while a participant has never been up.
    const commands = commandQueueOf(name);
    const commandQueues = this.registry.participants().map(commandQueueOf);
    const routes = { queues: [...commandQueues, replyTo, ...(this.registry.hasChildren ? [commands] : [])] };
    this.publisher = broker.publisher({ routes, logger });
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
        orchestrator: name,
        replyTo,
        onLocksChanged: () => this.locks?.wake(),
        batchSize: BATCH_SIZE,
        patienceMs: PATIENCE_MS,
      },
      logger,
    );
    const consume = (queue: string, workOf: WorkReader) => {
      const intake = new EngineConsumer(this.engine, () => consumer, workOf);
      const consumer: BrokerConsumer = broker.consumer({
        routes,
        queue,
        prefetch: 2 * BATCH_SIZE,
        onDelivery: (delivery) => intake.handle(delivery),
        publisher: this.publisher,
        logger,
      });
      return consumer;
    };
    this.consumers = [
      consume(replyTo, workOfReply),
      ...(this.registry.hasChildren ? [consume(commands, childWorkReader(this.registry))] : []),
    ];
    this.deadlines = new DeadlineSweeper(this.store, this.engine, logger);
    this.locks = this.registry.hasLocks ? new LockSweeper(lockStore, this.engine, logger) : undefined;
    this.cleaner = new SagaCleaner({
      database,
      destinations: commandQueues,
      retentionMs: retentionOf(options.retentionMs),
      logger,
    });
    this.sagas = new Sagas(
      this.registry,
      this.engine,
      this.store,
      lockStore,
      options.policies ?? DEFAULT_POLICIES,
      () => this.publisher.ready && this.consumers.every(({ subscribed }) => subscribed),
    );
  }

  /** Throws, with a sentence for each reason, when instances in flight can't be carried on by the definitions given. */
  async start(): Promise<void> {
    const conflicts = this.registry.conflictsWith(await this.definitions.inFlight());
    if (conflicts.length > 0) throw new Error(`Can't start: ${conflicts.join('; ')}.`);
    await this.definitions.record(this.registry.all);
    // Neither waits for the broker: the app starts without it and becomes ready when it comes.
    this.publisher.start();
    for (const consumer of this.consumers) void consumer.start();
    this.relay.start();
    this.deadlines.start();
    this.locks?.start();
    this.cleaner.start();
  }

  /** Nothing new is taken, what runs is finished, what was committed is published. */
  async stop(): Promise<void> {
    await Promise.all([this.deadlines.stop(), this.locks?.stop(), this.cleaner.stop()]);
    await Promise.all(this.consumers.map((consumer) => consumer.stop()));
    await this.engine.stop();
    await this.relay.stop();
    await Promise.all(this.consumers.map((consumer) => consumer.close()));
    await this.publisher.close();
  }
}
