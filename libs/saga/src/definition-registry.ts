import { fingerprintOf } from '@clew/envelope';
import {
  choreographyFlaw,
  differenceBetween,
  participantOf,
  SAGA_PARTICIPANT,
  signatureOf,
  stepsOf,
  type SagaDefinition,
} from './core/index.js';
import type { InFlight } from './definition-store.js';

export interface RegisteredDefinition {
  readonly definition: SagaDefinition;
  /** Of the signature: two definitions with the same hash can carry on each other's instances. */
  readonly hash: string;
}

/** The definitions an orchestrator knows, by name and version; those of child sagas come with their parents. */
export class DefinitionRegistry {
  private readonly byKey = new Map<string, RegisteredDefinition>();

  /**
   * Throws when two definitions share name and version.
   *
   * @param choreographed those that may also be choreographed; throws when one of them can't be
   */
  constructor(
    definitions: readonly SagaDefinition[],
    private readonly choreographed: readonly SagaDefinition[] = [],
  ) {
    for (const definition of choreographed) {
      const flaw = choreographyFlaw(definition);
      if (flaw)
        throw new Error(`Saga ${definition.name} v${definition.version} can't be choreographed: ${flaw}.`);
    }
    for (const definition of new Set(definitions.flatMap(withChildren))) {
      const { name, version } = definition;
      const key = keyOf(name, version);
      if (this.byKey.has(key)) {
        throw new Error(`Saga ${name} v${version} is registered twice: give the newer one a new version`);
      }
      this.byKey.set(key, { definition, hash: hashOf(definition) });
    }
  }

  get all(): RegisteredDefinition[] {
    return [...this.byKey.values()];
  }

  find(name: string, version: number): RegisteredDefinition | undefined {
    return this.byKey.get(keyOf(name, version));
  }

  /** Throws when exactly this definition isn't registered. */
  registrationOf(definition: SagaDefinition): RegisteredDefinition {
    const found = this.find(definition.name, definition.version);
    if (found?.definition === definition) return found;
    throw new Error(
      `Saga ${definition.name} v${definition.version} is not registered: add it to the SagaModule's definitions`,
    );
  }

  /** Throws when this definition isn't one of those that may be choreographed. */
  assertChoreographed(definition: SagaDefinition): void {
    if (this.choreographed.includes(definition)) return;
    throw new Error(
      `Saga ${definition.name} v${definition.version} can't be started as a choreography: name it among the module's choreographed sagas`,
    );
  }

  /** Everyone who is sent commands by these definitions, except the orchestrator itself. */
  participants(): string[] {
    const steps = this.all.flatMap(({ definition }) => stepsOf(definition));
    const types = steps.flatMap(({ action, compensation }) => [action, compensation ?? action]);
    const names = new Set(types.map(({ type }) => participantOf(type)));
    names.delete(SAGA_PARTICIPANT);
    return [...names];
  }

  get hasChildren(): boolean {
    return this.all.some(({ definition }) => stepsOf(definition).some(({ child }) => child));
  }

  get hasLocks(): boolean {
    return this.all.some(({ definition }) => definition.lock);
  }

  /**
   * Why these instances in flight can't be carried on, as a sentence for each; empty when all can.
   * A running instance keeps the definition that it began with.
   */
  conflictsWith(inFlight: readonly InFlight[]): string[] {
    return inFlight.flatMap(({ name, version, hash, count, signature }) => {
      const known = this.find(name, version);
      if (known?.hash === hash) return [];
      const instances = count === 1 ? '1 instance' : `${count} instances`;
      const are = count === 1 ? 'is' : 'are';
      if (!known) {
        return `${instances} of saga ${name} v${version} ${are} in flight, but that version is not registered: register it beside the newer one until they have ended`;
      }
      const difference =
        (signature !== undefined && differenceBetween(signature, signatureOf(known.definition))) ||
        'its steps are not what they were';
      return `saga ${name} v${version} has changed while ${instances} of it ${are} in flight: ${difference}. Restore v${version} as it was and register the change beside it as v${version + 1}`;
    });
  }
}

function withChildren(definition: SagaDefinition): SagaDefinition[] {
  const children = stepsOf(definition).flatMap(({ child }) => (child ? withChildren(child) : []));
  return [definition, ...children];
}

const keyOf = (name: string, version: number) => `${name}@${version}`;

function hashOf(definition: SagaDefinition): string {
  return fingerprintOf(signatureOf(definition));
}
