import { v7 as uuidv7 } from 'uuid';
import { hasEnded, type Operation, type Policies, type SagaDefinition } from './core/index.js';
import type { DefinitionRegistry } from './definition-registry.js';
import { OperationRefused, UnknownSaga, UnregisteredDefinition } from './errors.js';
import type { LockQueue, LockStore } from './lock-store.js';
import { planOf, type OperationPlan } from './operation-plan.js';
import type { SagaEngine, Settled, Work } from './saga-engine.js';
import type { Coordination, SagaInstance, SagaRecord } from './saga-record.js';
import type { SagaFilter, SagaStore } from './saga-store.js';

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
}

/** Starts sagas, tells how they are doing, and lets people see to them. */
export class Sagas {
  constructor(
    private readonly registry: DefinitionRegistry,
    private readonly engine: SagaEngine,
    private readonly store: SagaStore,
    private readonly lockStore: LockStore,
    private readonly policies: Policies,
    private readonly isReady: () => boolean,
  ) {}

  /** Whether replies are consumed and commands can be published. */
  get ready(): boolean {
    return this.isReady();
  }

  /**
   * Begins an instance. Resolves once it is committed together with its first commands: from then on it ends, whatever
   * crashes. A choreographed saga is moved on by its participants; here its owner's word of it is recorded.
   *
   * Rejects with `SagaUnavailable` when the database stays away; then it was most likely not begun.
   */
  async start<Input>(
    definition: SagaDefinition<Input>,
    input: Input,
    { coordination = 'orchestration' }: StartOptions = {},
  ): Promise<SagaRecord> {
    if (coordination === 'choreography') this.registry.assertChoreographed(definition);
    const begins = this.registry.registrationOf(definition);
    const id = uuidv7();
    const { transition, at } = await this.submit({
      sagaId: id,
      begins,
      isUrgent: true,
      input: { type: 'start', input, ...(coordination === 'choreography' && { coordination }) },
      cause: { kind: 'request' },
    });
    if (transition && at) return recordOf(id, transition, at);
    // The commit had gone through although its answer was lost.
    const record = await this.store.find(id);
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
    const instance = (await this.store.load([id])).get(id);
    if (!instance) throw new UnknownSaga(id);
    const registered = this.registry.find(instance.saga, instance.version);
    if (registered?.hash !== instance.definitionHash)
      throw new UnregisteredDefinition(instance.saga, instance.version, instance.definitionHash);
    const input = { type: 'operation', operation, actor, reason } as const;
    return planOf(instance, registered.definition, input, this.policies);
  }

  /** The definition that an instance began with; `undefined` when this process doesn't have it. */
  definitionOf({ saga, version }: SagaInstance): SagaDefinition | undefined {
    return this.registry.find(saga, version)?.definition;
  }

  /** With its history; `undefined` when there is none. */
  find(id: string): Promise<SagaRecord | undefined> {
    return this.store.find(id);
  }

  /** Newest first. */
  list(filter: SagaFilter): Promise<SagaRecord[]> {
    return this.store.list(filter);
  }

  /** Business keys that are locked, with those who wait for them; all, or one. */
  locks(key?: string): Promise<LockQueue[]> {
    return this.lockStore.list(key);
  }

  private submit(work: Omit<Work, 'settle'>): Promise<Settled> {
    return new Promise((resolve, reject) =>
      this.engine.submit({
        ...work,
        settle: (error, settled) => (error ? reject(error) : resolve(settled ?? {})),
      }),
    );
  }
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
