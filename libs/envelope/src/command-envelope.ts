import { EnvelopeError, readDirection, readInteger, readText, readUuid } from './fields.js';
import type { ReceivedMessage, WireMessage } from './wire-message.js';

/** A command on its way to a participant. */
export interface CommandEnvelope {
  /** `<saga>/<step>/<direction>/<epoch>`: the same however often the command is sent. */
  readonly commandId: string;
  readonly sagaId: string;
  /** Name of the saga's definition. */
  readonly saga: string;
  readonly step: string;
  readonly direction: 'action' | 'compensation';
  readonly epoch: number;
  readonly attempt: number;
  /** Of a compensation: the epoch of the action that it undoes. */
  readonly undoes?: number;
  /** `<participant>.<verb>` */
  readonly type: string;
  readonly replyTo: string;
}

/** A command as the message that carries it; the payload is serialised here. */
export function commandMessage(
  command: CommandEnvelope & { readonly payload: object },
  destination: string,
): WireMessage {
  const { commandId, sagaId, saga, step, direction, epoch, attempt, undoes, type, replyTo, payload } =
    command;
  const headers: Record<string, string | number> = { saga, step, direction, epoch, attempt };
  if (undoes !== undefined) headers.undoes = undoes;
  return {
    destination,
    messageId: commandId,
    correlationId: sagaId,
    type,
    replyTo,
    headers,
    payload: JSON.stringify(payload),
  };
}

/** Reads a command. Throws an {@link EnvelopeError} that names what is wrong with it. */
export function readCommand(message: ReceivedMessage): CommandEnvelope {
  const direction = readDirection(message.headers);
  const command = {
    commandId: readText(message.messageId, 'messageId'),
    sagaId: readUuid(message.correlationId, 'correlationId'),
    saga: readText(message.headers.saga, 'header saga'),
    step: readText(message.headers.step, 'header step'),
    direction,
    epoch: readInteger(message.headers.epoch, 'header epoch'),
    attempt: readInteger(message.headers.attempt, 'header attempt'),
    ...(direction === 'compensation' && { undoes: readInteger(message.headers.undoes, 'header undoes') }),
    type: readText(message.type, 'type'),
    replyTo: readText(message.replyTo, 'replyTo'),
  };
  const { commandId, sagaId, step, epoch } = command;
  // Otherwise it would have one step's effect, and be answered as another's.
  if (commandId !== `${sagaId}/${step}/${direction}/${epoch}`) {
    throw new EnvelopeError('messageId is not that of its saga, step, direction and epoch');
  }
  return command;
}

/** The message's payload. Throws an {@link EnvelopeError} when it isn't a JSON object. */
export function readPayload(content: Buffer): object {
  let payload: unknown;
  try {
    payload = JSON.parse(content.toString('utf8'));
  } catch (cause) {
    throw new EnvelopeError('the payload is not JSON', { cause });
  }
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) {
    throw new EnvelopeError('the payload is not a JSON object');
  }
  return payload;
}
