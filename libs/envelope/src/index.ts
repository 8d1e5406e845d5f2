/**
 * The wire contract of commands, replies, facts and what else goes between orchestrator and participants: which AMQP properties and headers they carry, and how they are read.
 * Pure. `docs/envelope.md` tells the same to those who write a participant in another language.
 *
 * Guarantees: what is read is complete and of the right types, or an EnvelopeError says what is wrong with it.
 * Doesn't check payloads against their commands: that is the handler's pipe.
 */
export { commandMessage, readCommand, readPayload } from './command-envelope.js';
export type { CommandEnvelope } from './command-envelope.js';
export { COMMAND_LIFE_MS, isOutlived } from './command-life.js';
export { factMessage, readFactMessage } from './fact-envelope.js';
export type { FactEnvelope } from './fact-envelope.js';
export { EnvelopeError } from './fields.js';
export { fingerprintOf } from './fingerprint.js';
export { forgetMessage, isForget, readForget } from './forget-envelope.js';
export {
  commandQueueOf,
  factQueueOf,
  factRoutesOf,
  journalQueueOf,
  ownerQueueOf,
  replyQueueOf,
} from './queues.js';
export { readReply, replyMessage } from './reply-envelope.js';
export type { Answer, ReplyEnvelope } from './reply-envelope.js';
export type { ReceivedMessage, WireMessage } from './wire-message.js';
