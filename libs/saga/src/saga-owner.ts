import { factRoutesOf, ownerQueueOf } from '@clew/envelope';
import type { Logger } from '@clew/broker';
import { DEFAULT_POLICIES, listenersOf, ownerOf, type SagaDefinition } from './core/index.js';
import { DefinitionRegistry } from './definition-registry.js';
import { EngineRoom } from './engine-room.js';
import { factWorkReader } from './fact-work.js';
import { ownerSpeaker } from './owner-messages.js';
import type { SagaOwnerModuleOptions } from './saga-owner.module.js';
import { deciding } from './transition.js';

/**
 * Keeps the rows of choreographed sagas, in the database of the participant that owns them. It hears what the participants
 * say, notices when one is silent, and decides whether a saga is done or turns back.
 */
export class SagaOwner {
  private readonly room: EngineRoom;

  /** @throws Error with a sentence when a definition can't be choreographed, or is owned by somebody else */
  constructor(options: SagaOwnerModuleOptions, definitions: readonly SagaDefinition[], logger: Logger) {
    const { name, policies = DEFAULT_POLICIES, ...rest } = options;
    const registry = new DefinitionRegistry(definitions, definitions);
    for (const definition of definitions) {
      const owner = ownerOf(definition);
      if (owner !== name)
        throw new Error(
          `Saga ${definition.name} v${definition.version} is owned by ${owner}, whose step comes first, not by ${name}.`,
        );
    }
    this.room = new EngineRoom({
      ...rest,
      registry,
      routes: factRoutesOf(definitions.flatMap(listenersOf)),
      fold: deciding(policies, ownerSpeaker),
      intakes: [{ queue: ownerQueueOf(name), workOf: factWorkReader(registry) }],
      // Whoever has started a saga sees to it that it is forgotten.
      forgetters: [],
      logger,
    });
  }

  /** Facts are heard, and what has to be said can be. */
  get ready(): boolean {
    return this.room.ready;
  }

  /** Throws, with a sentence for each reason, when instances in flight can't be carried on by the definitions given. */
  start(): Promise<void> {
    return this.room.start();
  }

  stop(): Promise<void> {
    return this.room.stop();
  }
}
