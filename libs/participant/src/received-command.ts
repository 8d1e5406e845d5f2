import {
  EnvelopeError,
  readCommand,
  readPayload,
  replyMessage,
  type Answer,
  type CommandEnvelope,
  type WireMessage,
} from '@clew/envelope';
import type { Delivery } from '@clew/broker';
import type { FenceKey } from './fence-rows.js';

/** A well-formed command in hand. */
export interface ReceivedCommand {
  readonly envelope: CommandEnvelope;
  readonly payload: object;
  /** What is sent when it is known how it went. */
  readonly answerWith: (answer: Answer) => WireMessage;
  /** What brought it: all are acked or parked together. More than one if it came several times in a batch. */
  readonly deliveries: readonly Delivery[];
  /** During which subscription it came; once that is lost the broker delivers it again. */
  readonly subscription: number;
}

/** AMQP's short strings have 255 bytes, and a reply's id and type are those of the command with an ending. */
const MAX_BYTES = 255 - '.reply'.length;

/**
 * The command that a message carries.
 *
 * @throws EnvelopeError that says what is wrong with it
 */
export function readCommandDelivery(delivery: Delivery, subscription: number): ReceivedCommand {
  const envelope = readCommand(delivery);
  for (const field of ['commandId', 'type'] as const) {
    if (Buffer.byteLength(envelope[field]) > MAX_BYTES) {
      throw new EnvelopeError(`${field} is longer than ${MAX_BYTES} bytes`);
    }
  }
  return {
    envelope,
    payload: readPayload(delivery.content),
    answerWith: (answer) => replyMessage(envelope, answer),
    deliveries: [delivery],
    subscription,
  };
}

/** The key of the command itself. */
export function ownKey({ sagaId, step, direction, epoch }: CommandEnvelope): FenceKey {
  return { sagaId, step, direction, epoch };
}

/** The key of the action that a compensation undoes; `undefined` for an action. */
export function actionKey({ sagaId, step, undoes }: CommandEnvelope): FenceKey | undefined {
  return undoes === undefined ? undefined : { sagaId, step, direction: 'action', epoch: undoes };
}
