import type { Routes } from '@clew/broker';
import type { Pause } from './admission.js';
import {
  hasEnded,
  type Operation,
  type Policies,
  type SagaDefinition,
  type SagaStatus,
} from './core/index.js';
import { OperationRefused, UnknownSaga, UnregisteredDefinition } from './errors.js';
import type { HistoryWatch } from './history-watch.js';
import type { LockQueue, LockStore } from './lock-store.js';
import { planOf, type OperationPlan } from './operation-plan.js';
import type { SagaFilter } from './saga-filter.js';
import type { HistoryRow, SagaInstance, SagaRecord, StartKey } from './saga-record.js';
import { SagaStarts, type StartedOnce, type StartOptions, type StartParts } from './saga-starts.js';
import type { SagaStore } from './saga-store.js';
import { waitsOf, type Wait } from './waits.js';

/** Who does something about a saga, and why. Both are kept in its history. */
export interface Responsible {
  readonly actor: string;
  readonly reason: string;
}

/** What became of an operation. */
export interface OperationOutcome {
  /** False when what was wished for was so already; `because` says how. */
  readonly changed: boolean;
  readonly because?: string;
  /** Of the saga, when that was committed. A choreographed one changes when its owner has heard of the wish. */
  readonly status: SagaStatus;
}

/** What it takes to see to sagas. */
export interface SagaParts extends StartParts {
  readonly store: SagaStore;
  readonly watch: HistoryWatch;
  readonly lockStore: LockStore;
  readonly policies: Policies;
  readonly routes: Routes;
  readonly isReady: () => boolean;
}

/** Starts sagas, tells how they are doing, and lets people see to them. */
export class Sagas {
  private readonly starts: SagaStarts;

  constructor(private readonly parts: SagaParts) {
    this.starts = new SagaStarts(parts);
  }

  /** What the orchestrator needs to be there at the broker. */
  get routes(): Routes {
    return this.parts.routes;
  }

  /** Whether replies are consumed and commands can be published. */
  get ready(): boolean {
    return this.parts.isReady();
  }

  /** See {@link SagaStarts.start}. */
  start<Input>(definition: SagaDefinition<Input>, input: Input, options?: StartOptions): Promise<SagaRecord> {
    return this.starts.start(definition, input, options);
  }

  /** See {@link SagaStarts.startOnce}. */
  startOnce<Input>(
    definition: SagaDefinition<Input>,
    input: Input,
    key: StartKey,
    options?: StartOptions,
  ): Promise<StartedOnce> {
    return this.starts.startOnce(definition, input, key, options);
  }

  /** See {@link SagaStarts.answerStart}. */
  answerStart(of: Pick<StartOptions, 'owner'>, key: string, answer: object): Promise<object | undefined> {
    return this.starts.answerStart(of, key, answer);
  }

  /** See {@link SagaStarts.startAnswer}. */
  startAnswer(of: Pick<StartOptions, 'owner'>, key: string): Promise<object | undefined> {
    return this.starts.startAnswer(of, key);
  }

  /**
   * Does what an operator or a caller wishes. The same wish twice does no harm.
   *
   * @throws OperationRefused when it makes no sense as the saga stands, saying why
   * @throws UnknownSaga when there is no such saga
   * @throws SagaUnavailable when the database stays away; it may have been done all the same
   */
  async operate(id: string, operation: Operation, responsible: Responsible): Promise<OperationOutcome> {
    const { actor, reason } = responsible;
    const { verdict, state } = await this.parts.engine.handled({
      sagaId: id,
      isUrgent: true,
      input: { type: 'operation', operation, actor, reason },
      cause: { kind: 'operator', action: operation.action, actor, reason },
    });
    if (!verdict || !state) throw new UnknownSaga(id);
    if (verdict.kind === 'refused') throw new OperationRefused(verdict.because);
    const { status } = state;
    return verdict.kind === 'accepted'
      ? { changed: true, status }
      : { changed: false, because: verdict.because, status };
  }

  /**
   * What `operate` would do to the saga as it stands, without doing it.
   *
   * @throws UnknownSaga when there is no such saga
   */
  async preview(id: string, operation: Operation, { actor, reason }: Responsible): Promise<OperationPlan> {
    const instance = (await this.parts.store.load([id])).get(id);
    if (!instance) throw new UnknownSaga(id);
    const registered = this.parts.registry.find(instance.saga, instance.version);
    if (registered?.hash !== instance.definitionHash)
      throw new UnregisteredDefinition(instance.saga, instance.version, instance.definitionHash);
    const input = { type: 'operation', operation, actor, reason } as const;
    return planOf(instance, registered.definition, input, this.parts.policies);
  }

  /** The definition that an instance began with; `undefined` when this process doesn't have it. */
  definitionOf({ saga, version }: SagaInstance): SagaDefinition | undefined {
    return this.parts.registry.find(saga, version)?.definition;
  }

  /** With its history; `undefined` when there is none. */
  find(id: string): Promise<SagaRecord | undefined> {
    return this.parts.reader.find(id);
  }

  /** Newest first. */
  list(filter: SagaFilter): Promise<SagaRecord[]> {
    return this.parts.reader.list(filter);
  }

  /**
   * Resolves with what has happened to an instance behind a revision, in order, as soon as something has, whichever process
   * did it; with nothing when the signal aborts. Costs no more than memory while nothing happens.
   */
  next(id: string, after: number, signal: AbortSignal): Promise<readonly HistoryRow[]> {
    return this.parts.watch.next(id, after, signal);
  }

  /** An instance once it has ended, or as it stands when the signal aborts; `undefined` when there is none. */
  async untilEnded(id: string, signal: AbortSignal): Promise<SagaRecord | undefined> {
    for (;;) {
      const record = await this.parts.reader.find(id);
      if (!record || hasEnded(record.state) || signal.aborted) return record;
      await this.parts.watch.next(id, record.revision, signal);
    }
  }

  /** Definitions of which nothing is begun for the moment, by word of an operator. */
  pauses(): Promise<readonly Pause[]> {
    return this.parts.admission.list();
  }

  /** Keeps sagas of a definition from being begun, in all processes within a second; those that have begun go on. */
  pause(saga: string, { actor, reason }: Responsible): Promise<readonly Pause[]> {
    return this.parts.admission.pause(saga, actor, reason);
  }

  /** Lets them be begun again. */
  resume(saga: string): Promise<readonly Pause[]> {
    return this.parts.admission.resume(saga);
  }

  /** What sagas wait for, and since when; `now` is the database's time. Nothing of those whose definition isn't here. */
  async waits(
    records: readonly SagaRecord[],
  ): Promise<{ now: Date; of: ReadonlyMap<string, readonly Wait[]> }> {
    const open = records.filter(({ state }) => !hasEnded(state));
    const { now, of } = await this.parts.reader.deadlinesOf(open.map(({ id }) => id));
    const waits = open.map((record): [string, Wait[]] => {
      const definition = this.definitionOf(record);
      return [
        record.id,
        definition ? waitsOf(record, definition, of.get(record.id) ?? [], this.parts.policies) : [],
      ];
    });
    return { now, of: new Map(waits) };
  }

  /** Business keys that are locked, with those who wait for them; all, or one. */
  locks(key?: string): Promise<LockQueue[]> {
    return this.parts.lockStore.list(key);
  }
}
