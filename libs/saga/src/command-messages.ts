import { commandMessage, commandQueueOf, replyMessage } from '@clew/envelope';
import { outboxMessage, type OutboxMessage } from '@clew/outbox';
import { commandId, SAGA_PARTICIPANT, type Answer, type Command, type SagaDefinition } from './core/index.js';
import type { Speaker } from './transition.js';

/** Where sagas send and are answered. */
export interface Addresses {
  /** Name of this orchestrator. */
  readonly orchestrator: string;
  /** Queue that participants answer to. */
  readonly replyTo: string;
}

/** Says what an orchestrator says: a command to each participant whose turn it is, and its word to the parent. */
export function commandSpeaker(addresses: Addresses): Speaker {
  return {
    messagesOf: ({ sagaId, registered, effects: { commands, answer } }) => [
      ...commands.map((command) => messageOf(sagaId, registered.definition, command, addresses)),
      ...(answer ? [answerMessage(answer)] : []),
    ],
  };
}

function messageOf(
  sagaId: string,
  { name }: SagaDefinition,
  command: Command,
  { orchestrator, replyTo }: Addresses,
): OutboxMessage {
  // Child sagas are run by this very orchestrator.
  const to = command.participant === SAGA_PARTICIPANT ? orchestrator : command.participant;
  const envelope = { ...command, commandId: commandId(sagaId, command), sagaId, saga: name, replyTo };
  return outboxMessage(commandMessage(envelope, commandQueueOf(to)));
}

/** A child's word to its parent: a reply like any participant's. */
export function answerMessage({ parent, direction, outcome }: Answer): OutboxMessage {
  const { sagaId, saga, step, replyTo } = parent;
  const epoch = direction === 'action' ? parent.epoch : (parent.undoEpoch ?? 0);
  const key = { step, direction, epoch };
  const type = direction === 'action' ? 'saga.start' : 'saga.undo';
  const command = { ...key, commandId: commandId(sagaId, key), sagaId, saga, attempt: 1, type, replyTo };
  return outboxMessage(
    replyMessage(
      command,
      outcome.kind === 'done'
        ? { outcome: 'done', body: outcome.result }
        : { outcome: 'rejected', body: outcome.rejection },
    ),
  );
}
