import { replyMessage, replyQueueOf, type Answer, type CommandEnvelope } from '@clew/envelope';
import type { MalformedMessage } from './malformed-messages.js';

type Forged = Pick<CommandEnvelope, 'commandId' | 'sagaId' | 'step' | 'direction' | 'epoch'>;

/** A reply as a participant would send it that has been asked. */
export function forgedReply(command: Forged, answer: Answer): MalformedMessage {
  const replyTo = replyQueueOf('orchestrator');
  const asked = { ...command, saga: 'trip-booking', type: 'cars.reserve', attempt: 1, replyTo };
  const { payload, messageId, correlationId, type, headers } = replyMessage(asked, answer);
  const properties = { messageId, correlationId, type, headers: { ...headers }, persistent: true };
  return { mark: '', reason: '', content: Buffer.from(payload), properties };
}
