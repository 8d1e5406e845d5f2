import { PrismaPg } from '@prisma/adapter-pg';
import type { Delivery, PublishResult } from '@clew/broker';
import { Relay, type MessagePublisher, type OutboxMessage, type SqlDatabase } from '@clew/outbox';
import { createTestDatabase, type TestDatabase } from '@clew/testing';
import { PrismaClient } from '../../../apps/orchestrator/src/database/client/client.js';
import { childWorkReader } from './child-work.js';
import {
  commandId,
  saga,
  type CommandKey,
  type Outcome,
  type Policies,
  type SagaDefinition,
} from './core/index.js';
import { commandSpeaker } from './command-messages.js';
import { DeadlineSweeper } from './deadline-sweeper.js';
import { DefinitionRegistry } from './definition-registry.js';
import { DefinitionStore } from './definition-store.js';
import { Admission } from './admission.js';
import { HistoryWatch } from './history-watch.js';
import { LockStore } from './lock-store.js';
import { LockSweeper } from './lock-sweeper.js';
import { workOfReply } from './reply-work.js';
import { SagaEngine } from './saga-engine.js';
import type { Work } from './work.js';
import { SagaReader } from './saga-reader.js';
import { SagaStore } from './saga-store.js';
import type { Senders } from './senders.js';
import { Sagas } from './sagas.service.js';
import { deciding } from './transition.js';

export class Done {}
class Book {
  static readonly type = 'shop.book';
  static readonly reply = Done;
  what!: string;
}
class Unbook {
  static readonly type = 'shop.unbook';
  static readonly reply = Done;
}

export interface Order {
  readonly what: string;
}
export const step = {
  action: Book,
  payload: ({ input }: { input: Order }) => ({ what: input.what }),
  compensation: Unbook,
};
/** What can't be undone. */
export const committedStep = { action: Book, payload: step.payload };
export const order = saga<Order>('order', { version: 1 })
  .step('first', step)
  .parallel({ left: step, right: step })
  .end();

export const POLICY = { timeoutMs: 60_000, maxTimeoutMs: 60_000, backoff: 1, jitter: 0, attempts: 3 };
const PATIENT: Policies = { action: POLICY, compensation: POLICY };

export const action = (name: string, epoch = 0): CommandKey => ({ step: name, direction: 'action', epoch });
export const undo = (name: string, epoch = 0): CommandKey => ({
  step: name,
  direction: 'compensation',
  epoch,
});
export const done: Outcome = { kind: 'done', result: {} };
export const refused: Outcome = {
  kind: 'rejected',
  rejection: { code: 'SOLD_OUT', message: 'nothing left' },
};

/** Stands at the outbox port for the broker: keeps what is published. */
class Wire implements MessagePublisher {
  readonly ready = true;
  isBlocked = false;
  readonly published: OutboxMessage[] = [];
  async publish<M extends OutboxMessage>(messages: readonly M[]): Promise<PublishResult<M>> {
    this.published.push(...messages);
    return { confirmed: [...messages], returned: [], failed: [] };
  }
  onReady() {
    return () => undefined;
  }
  idsOf(sagaId: string): string[] {
    return this.published
      .filter(({ correlationId }) => correlationId === sagaId)
      .map(({ messageId }) => messageId);
  }
}

const quiet = { log: () => undefined, warn: () => undefined, error: () => undefined };

interface OrchestratorOptions {
  readonly policies?: Policies;
  readonly definitions?: readonly unknown[];
  readonly on?: SqlDatabase;
  /** As in production if not said. */
  readonly patienceMs?: number;
  readonly senders?: Senders;
}

/** An orchestrator's database, and engines on it as several processes would have them. */
export class EngineBench {
  private readonly running: { stop(): Promise<void> }[] = [];

  private constructor(
    private readonly database: TestDatabase,
    readonly prisma: PrismaClient,
  ) {}

  static async open(): Promise<EngineBench> {
    const database = await createTestDatabase('orchestrator');
    const adapter = new PrismaPg({ connectionString: database.url, max: 8 });
    return new EngineBench(database, new PrismaClient({ adapter }));
  }

  /** Stops the engines and leaves nothing in the tables. */
  async clear(): Promise<void> {
    for (const part of this.running.splice(0).reverse()) await part.stop();
    await this.prisma.$executeRawUnsafe(
      'TRUNCATE saga_pause, saga_instance, saga_opening, saga_history, saga_deadline, saga_definition, saga_lock, saga_lock_queue, outbox',
    );
  }

  async close(): Promise<void> {
    await this.prisma.$disconnect();
    await this.database.drop();
  }

  /** One orchestrator process's worth of engine. Its sweepers are yours to start. */
  orchestrator({
    policies = PATIENT,
    definitions = [order],
    on = this.prisma,
    patienceMs = 60_000,
    senders,
  }: OrchestratorOptions = {}) {
    const wire = new Wire();
    const store = new SagaStore(on);
    const reader = new SagaReader(on);
    const watch = new HistoryWatch({ read: (questions) => reader.historySince(questions) });
    const lockStore = new LockStore(on);
    const registry = new DefinitionRegistry(definitions as readonly SagaDefinition[]);
    const relay = new Relay({ database: on, publisher: wire, logger: quiet });
    const replyTo = 'orchestrator.replies';
    const options = {
      fold: deciding(policies, commandSpeaker({ orchestrator: 'orchestrator', replyTo })),
      batchSize: 200,
      patienceMs,
      ...(senders && { senders }),
      onCommitted: (ids: Iterable<string>) => watch.wake(ids),
      onLocksChanged: () => locks.wake(),
    };
    const engine = new SagaEngine(registry, store, relay, options, quiet);
    const deadlines = new DeadlineSweeper(store, engine, quiet, {
      everyMs: 20,
      pageSize: 100,
      leaseMs: 10_000,
    });
    const locks = new LockSweeper(lockStore, engine, quiet, { everyMs: 20, tellAgainAfterMs: 200 });
    const admission = new Admission({
      database: on,
      waiting: () => engine.waiting,
      isBlocked: () => wire.isBlocked,
      mostInOutbox: 100,
      logger: quiet,
      everyMs: 20,
    });
    const sagas = new Sagas({
      registry,
      engine,
      store,
      admission,
      reader,
      watch,
      lockStore,
      policies,
      routes: { queues: [] },
      isReady: () => true,
    });
    this.running.push(relay, engine, deadlines, locks, admission);
    const submit = async (work: Omit<Work, 'settle'>) => void (await engine.handled(work));
    const reply = (sagaId: string, command: CommandKey, outcome: Outcome) =>
      submit({
        sagaId,
        input: { type: 'reply', command, outcome },
        cause: { kind: 'reply', messageId: `${commandId(sagaId, command)}/reply` },
      });
    /** Brings a message that was published to the orchestrator itself. */
    const deliver = (message: OutboxMessage) => {
      const workOf = message.destination === replyTo ? workOfReply : childWorkReader(registry);
      return submit(workOf({ ...message, content: Buffer.from(message.payload) } as unknown as Delivery));
    };
    const definitionStore = new DefinitionStore(on);
    return {
      wire,
      store,
      lockStore,
      definitionStore,
      registry,
      relay,
      engine,
      deadlines,
      locks,
      sagas,
      admission,
      reply,
      deliver,
    };
  }
}
