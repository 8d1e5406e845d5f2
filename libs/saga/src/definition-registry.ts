import { createHash } from 'node:crypto';
import { signatureOf, stepsOf, participantOf, type SagaDefinition } from './core/index.js';

export interface RegisteredDefinition {
  readonly definition: SagaDefinition;
  /** Of the signature: two definitions with the same hash can carry on each other's instances. */
  readonly hash: string;
}

/** The definitions an orchestrator knows, by name and version. */
export class DefinitionRegistry {
  private readonly byKey = new Map<string, RegisteredDefinition>();

  /** Throws when two definitions share name and version. */
  constructor(definitions: readonly SagaDefinition[]) {
    for (const definition of definitions) {
      const key = keyOf(definition.name, definition.version);
      if (this.byKey.has(key)) {
        throw new Error(
          `Saga ${definition.name} v${definition.version} is registered twice: give the newer one a new version`,
        );
      }
      this.byKey.set(key, { definition, hash: hashOf(definition) });
    }
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

  /** Everyone who is sent commands by these definitions. */
  participants(): string[] {
    const names = new Set<string>();
    for (const { definition } of this.byKey.values()) {
      for (const step of stepsOf(definition)) {
        names.add(participantOf(step.action.type));
        if (step.compensation) names.add(participantOf(step.compensation.type));
      }
    }
    return [...names];
  }

  /**
   * Why these instances in flight can't be carried on, as a sentence for each; empty when all can.
   * A running instance keeps the definition that it began with.
   */
  conflictsWith(
    inFlight: readonly {
      readonly name: string;
      readonly version: number;
      readonly hash: string;
      readonly count: number;
    }[],
  ): string[] {
    return inFlight.flatMap(({ name, version, hash, count }) => {
      const known = this.find(name, version);
      if (known?.hash === hash) return [];
      const instances = count === 1 ? '1 instance' : `${count} instances`;
      return known
        ? `${instances} of saga ${name} v${version} began with other steps than this version has now (${signatureOf(known.definition)}): restore them and give the change a new version`
        : `${instances} of saga ${name} v${version} in flight, but that version is not registered: register it beside the newer one until they have ended`;
    });
  }
}

const keyOf = (name: string, version: number) => `${name}@${version}`;

function hashOf(definition: SagaDefinition): string {
  return createHash('sha256').update(signatureOf(definition)).digest('hex').slice(0, 16);
}
