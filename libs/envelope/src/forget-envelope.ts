import { readPayload } from './command-envelope.js';
import { EnvelopeError, readUuid } from './fields.js';
import type { ReceivedMessage, WireMessage } from './wire-message.js';

/** No command has this type, as theirs have a dot in them. */
const FORGET_TYPE = 'forget-sagas';

/**
 * The message by which an orchestrator lets a participant forget sagas: they have ended long ago, and it has deleted them
 * itself. Whoever gets it twice has nothing to do the second time.
 *
 * @param id a UUID of this message
 */
export function forgetMessage(id: string, sagaIds: readonly string[], destination: string): WireMessage {
  return {
    destination,
    messageId: `${FORGET_TYPE}/${id}`,
    correlationId: id,
    type: FORGET_TYPE,
    headers: {},
    payload: JSON.stringify({ sagas: sagaIds }),
  };
}

export function isForget({ type }: Pick<ReceivedMessage, 'type'>): boolean {
  return type === FORGET_TYPE;
}

/** The ids of the sagas to be forgotten. Throws an {@link EnvelopeError} when one of them is none. */
export function readForget({ content }: Pick<ReceivedMessage, 'content'>): string[] {
  const { sagas } = readPayload(content) as { sagas?: unknown };
  if (!Array.isArray(sagas)) throw new EnvelopeError('"sagas" is missing or not a list');
  return sagas.map((id, index) => readUuid(id, `sagas[${index}]`));
}
