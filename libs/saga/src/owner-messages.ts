import { factMessage } from '@clew/envelope';
import { outboxMessage, type OutboxMessage } from '@clew/outbox';
import { asksOf, wordsOf, type Fact } from './core/index.js';
import type { RegisteredDefinition } from './definition-registry.js';
import { journalMessage } from './journal.js';
import type { Speaker } from './transition.js';

/**
 * Says what the owner of a choreographed saga says: where nobody would act by himself it asks, and it tells whoever has
 * started the saga what it has recorded.
 */
export const ownerSpeaker: Speaker = {
  messagesOf: ({ sagaId, registered, input, state, effects }) =>
    asksOf(registered.definition, state, input, effects.commands).map((fact) =>
      messageOfFact(sagaId, registered, fact),
    ),
  // By the clock of this process: the time is for people, nothing is decided by it.
  reportOf: (transition) => [journalMessage(transition, new Date())],
};

/** A fact as a message for all who have a part in the saga. */
export function messageOfFact(
  sagaId: string,
  { definition: { name, version }, hash }: RegisteredDefinition,
  fact: Fact,
  wish?: string,
): OutboxMessage {
  const words = wordsOf(sagaId, name, fact, wish);
  return outboxMessage(factMessage({ ...words, sagaId, saga: name, version, definition: hash }));
}
