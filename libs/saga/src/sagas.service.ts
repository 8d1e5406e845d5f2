import { v7 as uuidv7 } from 'uuid';
import { hasEnded, type SagaDefinition } from './core/index.js';
import type { DefinitionRegistry } from './definition-registry.js';
import type { SagaEngine, Settled } from './saga-engine.js';
import type { SagaRecord } from './saga-record.js';
import type { SagaFilter, SagaStore } from './saga-store.js';

/** Starts sagas and tells how they are doing. */
export class Sagas {
  constructor(
    private readonly registry: DefinitionRegistry,
    private readonly engine: SagaEngine,
    private readonly store: SagaStore,
    private readonly isReady: () => boolean,
  ) {}

  /** Whether replies are consumed and commands can be published. */
  get ready(): boolean {
    return this.isReady();
  }

  /**
   * Begins an instance. Resolves once it is committed together with its first commands: from then on it ends, whatever
   * crashes. Rejects with `SagaUnavailable` when the database stays away; then it was most likely not begun.
   */
  async start<Input>(definition: SagaDefinition<Input>, input: Input): Promise<SagaRecord> {
    const begins = this.registry.registrationOf(definition);
    const id = uuidv7();
    const { transition, at } = await new Promise<Settled>((resolve, reject) =>
      this.engine.submit({
        sagaId: id,
        begins,
        input: { type: 'start', input },
        cause: { kind: 'request' },
        settle: (error, settled) => (error ? reject(error) : resolve(settled ?? {})),
      }),
    );
    if (transition && at) return recordOf(id, transition, at);
    // The commit had gone through although its answer was lost.
    const record = await this.store.find(id);
    if (!record) throw new Error(`Saga ${id} was begun but can't be found`);
    return record;
  }

  /** With its history; `undefined` when there is none. */
  find(id: string): Promise<SagaRecord | undefined> {
    return this.store.find(id);
  }

  /** Newest first. */
  list(filter: SagaFilter): Promise<SagaRecord[]> {
    return this.store.list(filter);
  }
}

function recordOf(id: string, transition: NonNullable<Settled['transition']>, at: Date): SagaRecord {
  const { registered, state, entries } = transition;
  return {
    id,
    saga: registered.definition.name,
    version: registered.definition.version,
    definitionHash: registered.hash,
    coordination: 'orchestration',
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
