import { commandId, findStep, participantOf, SAGA_PARTICIPANT, type SagaDefinition } from './core/index.js';
import { WrongSender } from './errors.js';
import type { Work } from './work.js';

/** The broker's user of each participant that has one of its own. */
export type Senders = Readonly<Record<string, string>>;

/** @throws WrongSender for a reply that the command's participant hasn't sent */
export function checkSender(senders: Senders, definition: SagaDefinition, work: Work): void {
  const { sagaId, input, sender } = work;
  if (input.type !== 'reply') return;
  const step = findStep(definition, input.command.step);
  if (!step) return;
  // What a participant does is undone by the same one.
  const participant = participantOf(step.action.type);
  const due = Object.hasOwn(senders, participant) ? senders[participant] : undefined;
  if (due !== undefined && sender !== due)
    throw new WrongSender(commandId(sagaId, input.command), sender, due);
}

/** @throws Error with a sentence if a user is given of a participant that no saga has */
export function checkSenders(senders: Senders, participants: readonly string[]): void {
  const strangers = Object.keys(senders).filter(
    (name) => name !== SAGA_PARTICIPANT && !participants.includes(name),
  );
  if (strangers.length > 0)
    throw new Error(
      `A user of the broker is given of ${strangers.join(', ')}, and no saga here has such a participant: there are ${participants.join(', ')}.`,
    );
}
