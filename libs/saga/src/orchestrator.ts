import { commandQueueOf, factRoutesOf, journalQueueOf, replyQueueOf } from '@clew/envelope';
import type { DeadLetters, Logger, Routes } from '@clew/broker';
import { answeringInTime } from '@clew/outbox';
import { Admission } from './admission.js';
import { childWorkReader } from './child-work.js';
import { commandSpeaker } from './command-messages.js';
import { DEFAULT_POLICIES, listenersOf, type SagaDefinition } from './core/index.js';
import { DefinitionRegistry } from './definition-registry.js';
import { EngineRoom } from './engine-room.js';
import { journalTopicOf } from './journal.js';
import { workOfJournal } from './journal-work.js';
import { HistoryWatch } from './history-watch.js';
import { LockStore } from './lock-store.js';
import { LockSweeper } from './lock-sweeper.js';
import { lookingOn } from './onlooker.js';
import { workOfReply } from './reply-work.js';
import type { SagaModuleOptions } from './saga.module.js';
import { SagaReader } from './saga-reader.js';
import { SagaStore } from './saga-store.js';
import { Sagas } from './sagas.service.js';
import { checkSenders } from './senders.js';
import { deciding, type Fold } from './transition.js';

/** Milliseconds until whoever asks how sagas are doing is told that the database says nothing. */
const ANSWER_WITHIN_MS = 7_500;

/** Runs sagas: those that it orchestrates, and the view of those that it has started and others move on. */
export class Orchestrator {
  readonly sagas: Sagas;
  /** Of every queue that it takes from or sends to. */
  readonly deadLetters: DeadLetters;
  private readonly admission: Admission;
  private readonly room: EngineRoom;
  private readonly locks: LockSweeper | undefined;

  /**
   * @throws RangeError with a sentence if the retention is too short; Error if a saga can't be choreographed, or a sender is
   *   none of the participants
   */
  constructor(options: SagaModuleOptions, definitions: readonly SagaDefinition[], logger: Logger) {
    const { name, database, policies = DEFAULT_POLICIES, choreographed = [] } = options;
    const registry = new DefinitionRegistry(definitions, choreographed);
    checkSenders(options.senders ?? {}, registry.participants());
    const asked = answeringInTime(database, ANSWER_WITHIN_MS);
    const reader = new SagaReader(asked);
    const watch = new HistoryWatch({ read: (questions) => reader.historySince(questions) });
    const replyTo = replyQueueOf(name);
    const commands = commandQueueOf(name);
    // The participants' queues too, so that commands wait in them while a participant has never been up.
    const commandQueues = registry.participants().map(commandQueueOf);
    const facts = factRoutes(journalQueueOf(name), choreographed);
    const orchestrating = deciding(policies, commandSpeaker({ orchestrator: name, replyTo }));
    const routes: Routes = {
      queues: [...commandQueues, replyTo, ...(registry.hasChildren ? [commands] : []), ...facts.queues],
      ...(facts.subscriptions && { subscriptions: facts.subscriptions }),
    };
    this.deadLetters = options.broker.deadLetters({ routes, logger });
    this.room = new EngineRoom({
      ...options,
      registry,
      routes,
      fold: byCoordination(orchestrating, lookingOn(policies)),
      intakes: [
        { queue: replyTo, workOf: workOfReply },
        ...(registry.hasChildren ? [{ queue: commands, workOf: childWorkReader(registry) }] : []),
        ...(choreographed.length > 0 ? [{ queue: journalQueueOf(name), workOf: workOfJournal }] : []),
      ],
      forgetters: commandQueues,
      onCommitted: (ids) => watch.wake(ids),
      onLocksChanged: () => this.locks?.wake(),
      logger,
    });
    this.locks = registry.hasLocks
      ? new LockSweeper(new LockStore(database), this.room.engine, logger)
      : undefined;
    this.admission = new Admission({
      database: asked,
      waiting: () => this.room.engine.waiting,
      isBlocked: () => this.room.isBlocked,
      mostInOutbox: options.mostInOutbox ?? 250_000,
      logger,
    });
    this.sagas = new Sagas({
      registry,
      engine: this.room.engine,
      store: new SagaStore(asked),
      admission: this.admission,
      reader,
      watch,
      lockStore: new LockStore(asked),
      policies,
      routes,
      isReady: () => this.room.ready,
    });
  }

  /** Throws, with a sentence for each reason, when instances in flight can't be carried on by the definitions given. */
  async start(): Promise<void> {
    await this.room.start();
    await this.admission.start();
    this.locks?.start();
  }

  /** Nothing new is taken, what runs is finished, what was committed is published. */
  async stop(): Promise<void> {
    await Promise.all([this.admission.stop(), this.deadLetters.close(), this.locks?.stop()]);
    await this.room.stop();
  }
}

/** A saga keeps the coordination that it was started with. */
function byCoordination(orchestrating: Fold, lookingOn: Fold): Fold {
  return (sagaId, registered, current, inputs) => {
    const start = inputs.find(({ input }) => input.type === 'start')?.input;
    const isChoreographed = current
      ? current.state.coordination !== undefined
      : start?.type === 'start' && start.coordination !== undefined;
    const fold = isChoreographed ? lookingOn : orchestrating;
    return fold(sagaId, registered, current, inputs);
  };
}

/** The queues of all who have a part in choreographed sagas, and the one where their owners' word of them comes in. */
function factRoutes(journalQueue: string, choreographed: readonly SagaDefinition[]): Routes {
  if (choreographed.length === 0) return { queues: [] };
  const { queues, subscriptions } = factRoutesOf(choreographed.flatMap(listenersOf));
  const journals = { queue: journalQueue, topics: choreographed.map(({ name }) => journalTopicOf(name)) };
  return { queues: [...queues, journalQueue], subscriptions: [...subscriptions, journals] };
}
