/**
 * A participant of sagas as an ordinary Nest microservice.
 *
 * For: handling commands in a Prisma transaction that is shared with the fence (who has acted already) and the outbox (what
 * is to be answered). Handlers are controller methods; pipes, guards, interceptors and exception filters work on them.
 *
 * Guarantees: what a handler writes through its transaction is written once per command, however often that is delivered, to
 * however many processes; the answer is published if and only if that was committed, and is the same every time; a command
 * whose compensation came first changes nothing; one handler's failure doesn't touch its neighbours in the batch; a command
 * that can never be handled is parked with its reason.
 *
 * Not guaranteed: anything about effects outside the transaction (a handler may run again after a rollback), and the order
 * of commands of different sagas.
 */
export { CommandBatchContext } from './command-batch-context.js';
export { CommandBatchHandler, type BatchedCommand } from './command-batch-handler.decorator.js';
export type { CommandClass, ReplyOf } from './command-class.js';
export { CommandContext } from './command-context.js';
export { CANCELLED_BEFORE } from './fence-verdict.js';
export {
  CommandHandler,
  type CommandHandlerOptions,
  type HandlerResult,
} from './command-handler.decorator.js';
export { CommandRejected } from './command-rejected.js';
export { CommandServer } from './command-server.js';
export { connectParticipant } from './connect-participant.js';
export { Command, Commands, Transaction } from './handler-parameters.decorator.js';
export { ParticipantHealth } from './participant-health.js';
export type { ParticipantAsyncOptions, ParticipantOptions } from './participant-options.js';
export { ParticipantModule } from './participant.module.js';
export { TransientFault } from './transient-fault.js';
export { sqlArray, statementsOf } from '@clew/outbox';
