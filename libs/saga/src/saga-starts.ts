import { newId } from '@clew/ids';
import type { Admission } from './admission.js';
import { hasEnded, type SagaDefinition } from './core/index.js';
import type { DefinitionRegistry } from './definition-registry.js';
import { SagaPaused, StartKeyReused, StartKeyTaken, TooBusy } from './errors.js';
import type { SagaEngine } from './saga-engine.js';
import type { Settled } from './work.js';
import type { SagaReader } from './saga-reader.js';
import type { Coordination, SagaRecord, StartKey } from './saga-record.js';

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

/** What it takes to begin sagas. */
export interface StartParts {
  readonly registry: DefinitionRegistry;
  readonly engine: SagaEngine;
  readonly admission: Admission;
  readonly reader: SagaReader;
}

/** Begins sagas: each time, or once for a key. */
export class SagaStarts {
  constructor(private readonly parts: StartParts) {}

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
    const id = newId();
    const { transition, at } = await this.parts.engine.handled({
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
