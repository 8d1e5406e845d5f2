import type { SqlExecutor } from '@clew/outbox';
import type { SagaDefinition } from './core/index.js';
import { DefinitionRegistry } from './definition-registry.js';
import { DefinitionStore, type InFlight } from './definition-store.js';

export interface DefinitionCheck {
  readonly inFlight: readonly InFlight[];
  /** Why some of them can't be carried on by the definitions given, a sentence for each; empty when all can. */
  readonly conflicts: readonly string[];
}

/**
 * Tells before a release what an orchestrator with these definitions would say at its start: whether instances in flight
 * need one that has changed, or is missing. Reads only.
 */
export async function checkDefinitions(
  database: SqlExecutor,
  definitions: readonly SagaDefinition[],
): Promise<DefinitionCheck> {
  const inFlight = await new DefinitionStore(database).inFlight();
  return { inFlight, conflicts: new DefinitionRegistry(definitions).conflictsWith(inFlight) };
}
