import type { Broker, BrokerConsumer, BrokerPublisher, Logger, Routes } from '@clew/broker';
import { directly, Relay, type SqlDatabase } from '@clew/outbox';
import { DeadlineSweeper } from './deadline-sweeper.js';
import type { DefinitionRegistry } from './definition-registry.js';
import { DefinitionStore } from './definition-store.js';
import { EngineConsumer, type WorkReader } from './engine-consumer.js';
import { retentionOf } from './retention.js';
import { SagaCleaner } from './saga-cleaner.js';
import { SagaEngine } from './saga-engine.js';
import { SagaStore } from './saga-store.js';
import type { Senders } from './senders.js';
import type { Fold } from './transition.js';

const BATCH_SIZE = 400;
const PATIENCE_MS = 5_000;

export interface EngineRoomOptions {
  readonly broker: Broker;
  readonly database: SqlDatabase;
  readonly registry: DefinitionRegistry;
  readonly routes: Routes;
  readonly fold: Fold;
  /** What the engine is fed with. */
  readonly intakes: readonly { readonly queue: string; readonly workOf: WorkReader }[];
  /** Queues of those who are told to forget a saga after its retention. */
  readonly forgetters: readonly string[];
  readonly retentionMs?: number;
  readonly outboxLeaseMs?: number;
  readonly senders?: Senders;
  readonly onCommitted?: (ids: Iterable<string>) => void;
  readonly onLocksChanged?: () => void;
  readonly logger: Logger;
}

/** An engine with all that it needs to run: store, relay, deadlines, cleaner, and connections to the broker. */
export class EngineRoom {
  readonly engine: SagaEngine;
  private readonly store: SagaStore;
  private readonly publisher: BrokerPublisher;
  private readonly consumers: readonly BrokerConsumer[];
  private readonly relay: Relay;
  private readonly deadlines: DeadlineSweeper;
  private readonly definitions: DefinitionStore;
  private readonly cleaner: SagaCleaner;

  /** @throws RangeError with a sentence if the retention is too short */
  constructor(private readonly options: EngineRoomOptions) {
    const { broker, database, registry, routes, fold, intakes, forgetters, logger } = options;
    this.store = new SagaStore(directly(database));
    this.definitions = new DefinitionStore(database);
    this.publisher = broker.publisher({ routes, logger });
    this.relay = new Relay({
      database,
      publisher: this.publisher,
      logger,
      ...(options.outboxLeaseMs && { leaseMs: options.outboxLeaseMs }),
    });
    this.engine = new SagaEngine(
      registry,
      this.store,
      this.relay,
      {
        fold,
        batchSize: BATCH_SIZE,
        patienceMs: PATIENCE_MS,
        ...(options.senders && { senders: options.senders }),
        ...(options.onCommitted && { onCommitted: options.onCommitted }),
        ...(options.onLocksChanged && { onLocksChanged: options.onLocksChanged }),
      },
      logger,
    );
    this.consumers = intakes.map(({ queue, workOf }) => this.consume(queue, workOf));
    this.deadlines = new DeadlineSweeper(this.store, this.engine, logger);
    this.cleaner = new SagaCleaner({
      database,
      destinations: forgetters,
      retentionMs: retentionOf(options.retentionMs),
      logger,
    });
  }

  /** What it is fed with is consumed, and what it has to say can be published. */
  get ready(): boolean {
    return this.publisher.ready && this.consumers.every(({ subscribed }) => subscribed);
  }

  /** The broker asks everybody to publish nothing now. */
  get isBlocked(): boolean {
    return this.publisher.blocked;
  }

  /** Throws, with a sentence for each reason, when instances in flight can't be carried on by the definitions given. */
  async start(): Promise<void> {
    const { registry } = this.options;
    const conflicts = registry.conflictsWith(await this.definitions.inFlight());
    if (conflicts.length > 0) throw new Error(`Can't start: ${conflicts.join('; ')}.`);
    await this.definitions.record(registry.all);
    // Neither waits for the broker: the app starts without it and becomes ready when it comes.
    this.publisher.start();
    for (const consumer of this.consumers) void consumer.start();
    this.relay.start();
    this.deadlines.start();
    this.cleaner.start();
  }

  /** Nothing new is taken, what runs is finished, what was committed is published. */
  async stop(): Promise<void> {
    await Promise.all([this.deadlines.stop(), this.cleaner.stop()]);
    await Promise.all(this.consumers.map((consumer) => consumer.stop()));
    await this.engine.stop();
    await this.relay.stop();
    await Promise.all(this.consumers.map((consumer) => consumer.close()));
    await this.publisher.close();
  }

  private consume(queue: string, workOf: WorkReader): BrokerConsumer {
    const { broker, routes, logger } = this.options;
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
  }
}
