import { hasEnded } from './core/index.js';
import type { StoredState } from './instance-row.js';
import type { SagaInstance } from './saga-record.js';
import type { Transition } from './transition.js';

/** What it takes to move an instance on. */
export type StandingInstance = Pick<
  SagaInstance,
  'saga' | 'version' | 'definitionHash' | 'revision' | 'state' | 'journal'
>;

type Failure = NonNullable<SagaInstance['state']['failure']>;

/** What a row has of an instance in its JSON columns. */
export interface InstanceTexts {
  readonly input: string;
  readonly state: string;
  /** Empty when it hasn't failed. */
  readonly failure: string;
}

interface Recent extends InstanceTexts, Omit<StandingInstance, 'state' | 'journal'> {
  readonly status: SagaInstance['state']['status'];
}

/** Twice as many bytes at the most. */
const MOST_CHARACTERS = 8 * 1024 * 1024;

/**
 * Instances in flight as this process last wrote them, so that they needn't be read for their next input. Those that weren't
 * written for the longest time are forgotten first.
 *
 * Another process may have moved one on since. So what is recalled may be decided on only where the decision is written by
 * compare-and-set; that there is nothing to write has to be asked of the database.
 *
 * They are kept as the text that the database has, and parsed each time: what a definition is given is the same whether an
 * instance was recalled or read, and nobody can change it.
 */
export class RecentInstances {
  /** In the order in which they were written. */
  private readonly instances = new Map<string, Recent>();
  private characters = 0;

  constructor(private readonly mostCharacters = MOST_CHARACTERS) {}

  get size(): number {
    return this.instances.size;
  }

  recall(id: string): StandingInstance | undefined {
    const recent = this.instances.get(id);
    if (!recent) return undefined;
    const { saga, version, definitionHash, revision, status, failure } = recent;
    const { journal, ...state } = JSON.parse(recent.state) as StoredState;
    const input: unknown = JSON.parse(recent.input);
    return {
      saga,
      version,
      definitionHash,
      revision,
      state: { status, input, ...state, ...(failure && { failure: JSON.parse(failure) as Failure }) },
      ...(journal && { journal }),
    };
  }

  /** The text of an instance's input, which never changes, if it is known. */
  inputOf(id: string): string | undefined {
    return this.instances.get(id)?.input;
  }

  /** A transition was written, as these texts. */
  remember({ sagaId, registered, expectedRevision, state }: Transition, texts: InstanceTexts): void {
    this.forget(sagaId);
    if (hasEnded(state)) return;
    const { definition, hash } = registered;
    this.instances.set(sagaId, {
      saga: definition.name,
      version: definition.version,
      definitionHash: hash,
      revision: expectedRevision + 1,
      status: state.status,
      ...texts,
    });
    this.characters += lengthOf(texts);
    for (const [oldest] of this.instances) {
      if (this.characters <= this.mostCharacters) break;
      this.forget(oldest);
    }
  }

  /** It is unknown how it stands now. */
  forget(id: string): void {
    const recent = this.instances.get(id);
    if (!recent) return;
    this.characters -= lengthOf(recent);
    this.instances.delete(id);
  }
}

function lengthOf({ input, state, failure }: InstanceTexts): number {
  return input.length + state.length + failure.length;
}
