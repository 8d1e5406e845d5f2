import { isOutlived, readFactMessage } from '@clew/envelope';
import { readFact } from './core/index.js';
import type { DefinitionRegistry } from './definition-registry.js';
import type { WorkReader } from './engine-consumer.js';

/**
 * Reads facts for the owner of choreographed sagas. Each knows enough to begin the saga, in case the word that it has started
 * comes later. One that is a day late doesn't begin it, as the saga may be over and deleted; nor does one of a definition
 * that this process doesn't have just so.
 */
export function factWorkReader(registry: DefinitionRegistry): WorkReader {
  return (delivery) => {
    const { sagaId, saga, version, definition: hash, topic, body, factId } = readFactMessage(delivery);
    const fact = readFact(saga, topic, body);
    const registered = registry.find(saga, version);
    const mayBegin = 'input' in fact && registered?.hash === hash && !isOutlived(delivery, Date.now());
    return {
      sagaId,
      ...(mayBegin && { begins: registered }),
      input: { type: 'fact', fact },
      cause: { kind: 'fact', messageId: factId },
    };
  };
}
