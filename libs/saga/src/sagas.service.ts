import type { Routes } from '@clew/broker';
import { v7 as uuidv7 } from 'uuid';
import type { Admission, Pause } from './admission.js';
import { hasEnded, type Operation, type Policies, type SagaDefinition } from './core/index.js';
import type { DefinitionRegistry } from './definition-registry.js';
import {
  OperationRefused,
  SagaPaused,
  StartKeyReused,
  StartKeyTaken,
  TooBusy,
  UnknownSaga,
  UnregisteredDefinition,
} from './errors.js';
import type { HistoryWatch } from './history-watch.js';
import type { LockQueue, LockStore } from './lock-store.js';
import { planOf, type OperationPlan } from './operation-plan.js';
import type { SagaEngine, Settled, Work } from './saga-engine.js';
import type { SagaFilter } from './saga-filter.js';
import type { SagaReader } from './saga-reader.js';
import type { Coordination, HistoryRow, SagaInstance, SagaRecord, StartKey } from './saga-record.js';
import { waitsOf, type Wait } from './waits.js';
import type { SagaStore } from './saga-store.js';

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
}

export interface StartOptions {
  /** Default `orchestration`. */
  readonly coordination?: Coordination;
  /** To whom it belongs. */
  readonly owner?: string;
  /** About whom or what it is: it can be listed by that. */
  readonly subject?: string;
}

/** An instance that was asked for by a key. */
export interface StartedOnce {
  readonly record: SagaRecord;
  /** False when the key had begun it before. */
  readonly isNew: boolean;
  /** What whoever asked was told, or is to be; absent while that isn't known. */
  readonly answer?: object;
}

/** What it takes to see to sagas. */
export interface SagaParts {
  readonly registry: DefinitionRegistry;
  readonly engine: SagaEngine;
  readonly store: SagaStore;
  readonly admission: Admission;
  readonly reader: SagaReader;
  readonly watch: HistoryWatch;
  readonly lockStore: LockStore;
  readonly policies: Policies;
  readonly routes: Routes;
  readonly isReady: () => boolean;
}

/** Starts sagas, tells how they are doing, and lets people see to them. */
export class Sagas {
  constructor(private readonly parts: SagaParts) {}

  /** What the orchestrator needs to be there at the broker. */
  get routes(): Routes {
    return this.parts.routes;
  }

  /** Whether replies are consumed and commands can be published. */
  get ready(): boolean {
    return this.parts.isReady();
  }

  /**
   * Begins an instance. Resolves once it is committed together with its first commands: from then on it ends, whatever
   * crashes. A choreographed saga is moved on by its participants; here its owner's word of it is recorded.
   *
   * @throws SagaUnavailable when the database stays away or silent; then it was most likely not begun, but may have been
   * @throws TooBusy when so much waits already that more would only wait, too
   * @throws SagaPaused while an operator has paused the definition
   */
  start<Input>(
    definition: SagaDefinition<Input>,
    input: Input,
    options: StartOptions = {},
  ): Promise<SagaRecord> {
    return this.begin(definition, input, options);
  }

  /**
   * The same, but at most once for a key of the owner's, however often and by however many processes it is asked for. The
   * key is kept as long as the instance.
   *
   * @throws StartKeyReused when the key has begun something with another fingerprint
   */
  async startOnce<Input>(
    definition: SagaDefinition<Input>,
    input: Input,
    key: StartKey,
    options: StartOptions = {},
  ): Promise<StartedOnce> {
    const { owner = '' } = options;
    for (;;) {
      let refusal: unknown;
      try {
        const record = await this.begin(definition, input, options, key);
        return { record, isNew: true, ...(key.answer && { answer: key.answer }) };
      } catch (error) {
        refusal = error;
      }
      const taken =
        isShut(refusal) || refusal instanceof StartKeyTaken
          ? await this.parts.reader.findKey(owner, key.key)
          : undefined;
      const record = taken && (await this.parts.reader.find(taken.sagaId));
      if (!record) {
        // Deleted meanwhile, after its retention: the key is free again.
        if (refusal instanceof StartKeyTaken) continue;
        throw refusal;
      }
      if (taken.fingerprint !== key.fingerprint) throw new StartKeyReused(key.key);
      return { record, isNew: false, ...(taken.answer && { answer: taken.answer }) };
    }
  }

  /**
   * Keeps what whoever asked by a key is told, unless something is kept already: of several that try, the first one counts.
   *
   * @returns what is kept; `undefined` when nothing was begun by the key
   */
  async answerStart(
    { owner = '' }: Pick<StartOptions, 'owner'>,
    key: string,
    answer: object,
  ): Promise<object | undefined> {
    return (await this.parts.reader.answerKey(owner, key, answer))?.answer;
  }

  /** What is kept for whoever asked by a key; `undefined` while nothing is. */
  async startAnswer({ owner = '' }: Pick<StartOptions, 'owner'>, key: string): Promise<object | undefined> {
    return (await this.parts.reader.findKey(owner, key))?.answer;
  }

  private async begin<Input>(
    definition: SagaDefinition<Input>,
    input: Input,
    { coordination = 'orchestration', owner, subject }: StartOptions,
    key?: StartKey,
  ): Promise<SagaRecord> {
    if (coordination === 'choreography') this.parts.registry.assertChoreographed(definition);
    this.parts.admission.assertOpen(definition.name);
    const begins = this.parts.registry.registrationOf(definition);
    const id = uuidv7();
    const { transition, at } = await this.submit({
      sagaId: id,
      begins,
      isUrgent: true,
      ...((owner || subject || key) && {
        opening: { ...(owner && { owner }), ...(subject && { subject }), ...(key && { key }) },
      }),
      input: { type: 'start', input, ...(coordination === 'choreography' && { coordination }) },
      cause: { kind: 'request' },
    });
    if (transition && at) return { ...recordOf(id, transition, at), ...(owner && { owner }) };
    // The commit had gone through although its answer was lost.
    const record = await this.parts.reader.find(id);
    if (!record) throw new Error(`Saga ${id} was begun but can't be found`);
    return record;
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
    const { verdict } = await this.submit({
      sagaId: id,
      isUrgent: true,
      input: { type: 'operation', operation, actor, reason },
      cause: { kind: 'operator', action: operation.action, actor, reason },
    });
    if (!verdict) throw new UnknownSaga(id);
    if (verdict.kind === 'refused') throw new OperationRefused(verdict.because);
    return verdict.kind === 'accepted' ? { changed: true } : { changed: false, because: verdict.because };
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

  private submit(work: Omit<Work, 'settle'>): Promise<Settled> {
    return new Promise((resolve, reject) =>
      this.parts.engine.submit({
        ...work,
        settle: (error, settled) => (error ? reject(error) : resolve(settled ?? {})),
      }),
    );
  }
}

/** Who asked before is answered all the same. */
function isShut(error: unknown): boolean {
  return error instanceof TooBusy || error instanceof SagaPaused;
}

function recordOf(id: string, transition: NonNullable<Settled['transition']>, at: Date): SagaRecord {
  const { registered, state, entries } = transition;
  return {
    id,
    saga: registered.definition.name,
    version: registered.definition.version,
    definitionHash: registered.hash,
    coordination: state.coordination ?? 'orchestration',
    revision: 1,
    status: state.status,
    input: state.input,
    state,
    createdAt: at,
    updatedAt: at,
    ...(hasEnded(state) && { endedAt: at }),
    history: [{ revision: 1, at, entries }],
  };
}
