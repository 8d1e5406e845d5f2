import { readPayload, type CommandEnvelope } from './command-envelope.js';
import { EnvelopeError, readText, readUuid } from './fields.js';
import type { ReceivedMessage, WireMessage } from './wire-message.js';

/** What a participant answers: done with a result, or refused with a reason. */
export type Answer =
  | { readonly outcome: 'done'; readonly body: object }
  | { readonly outcome: 'rejected'; readonly body: { readonly code: string; readonly message: string } };

/** A reply as it reached the orchestrator. */
export type ReplyEnvelope = Answer & {
  readonly messageId: string;
  readonly sagaId: string;
  /** The command that is answered. */
  readonly commandId: string;
};

/** The reply to a command as the message that carries it. */
export function replyMessage(command: CommandEnvelope, answer: Answer): WireMessage {
  return {
    destination: command.replyTo,
    messageId: `${command.commandId}/reply`,
    correlationId: command.sagaId,
    type: `${command.type}.reply`,
    headers: {
      saga: command.saga,
      step: command.step,
      direction: command.direction,
      epoch: command.epoch,
      attempt: command.attempt,
      causation: command.commandId,
      outcome: answer.outcome,
    },
    payload: JSON.stringify(answer.body),
  };
}

/** Reads a reply. Throws an {@link EnvelopeError} that names what is wrong with it. */
export function readReply(message: ReceivedMessage): ReplyEnvelope {
  const envelope = {
    messageId: readText(message.messageId, 'messageId'),
    sagaId: readUuid(message.correlationId, 'correlationId'),
    commandId: readText(message.headers.causation, 'header causation'),
  };
  const body = readPayload(message.content);
  switch (message.headers.outcome) {
    case 'done':
      return { ...envelope, outcome: 'done', body };
    case 'rejected': {
      const { code, message: text } = body as Record<string, unknown>;
      if (typeof code !== 'string' || typeof text !== 'string') {
        throw new EnvelopeError('a rejection needs the texts "code" and "message"');
      }
      return { ...envelope, outcome: 'rejected', body: { code, message: text } };
    }
    default:
      throw new EnvelopeError('header outcome is neither "done" nor "rejected"');
  }
}
