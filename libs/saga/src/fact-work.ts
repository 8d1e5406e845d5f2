import { isOutlived, readFactMessage, type FactEnvelope } from '@clew/envelope';
import { readFact } from './core/index.js';
import type { DefinitionRegistry, RegisteredDefinition } from './definition-registry.js';
import type { WorkReader } from './engine-consumer.js';
import { MalformedJournal, UnregisteredDefinition } from './errors.js';
import { readJournal } from './journal.js';

/**
 * Reads facts for the owner of choreographed sagas. Each knows enough to begin the saga, in case the word that it has started
 * comes later. One that is a day late doesn't: the saga may be over and deleted.
 */
export function factWorkReader(registry: DefinitionRegistry): WorkReader {
  return (delivery) => {
    const envelope = readFactMessage(delivery);
    const registered = registrationFor(registry, envelope);
    const fact = readFact(envelope.saga, envelope.topic, envelope.body);
    return {
      sagaId: envelope.sagaId,
      ...('input' in fact && !isOutlived(delivery, Date.now()) && { begins: registered }),
      input: { type: 'fact', fact },
      cause: { kind: 'fact', messageId: envelope.factId },
    };
  };
}

/** Reads what owners tell of the sagas that were started here. */
export function journalWorkReader(registry: DefinitionRegistry): WorkReader {
  return (delivery) => {
    const envelope = readFactMessage(delivery);
    registrationFor(registry, envelope);
    const journal = readJournal(envelope.body);
    if (!journal) throw new MalformedJournal(envelope.sagaId);
    return {
      sagaId: envelope.sagaId,
      input: { type: 'journal', ...journal },
      cause: { kind: 'fact', messageId: envelope.factId },
    };
  };
}

/** Throws when this process doesn't have exactly the definition that the saga began with. */
function registrationFor(
  registry: DefinitionRegistry,
  { saga, version, definition: hash }: FactEnvelope,
): RegisteredDefinition {
  const found = registry.find(saga, version);
  if (found?.hash === hash) return found;
  throw new UnregisteredDefinition(saga, version, found && hash);
}
