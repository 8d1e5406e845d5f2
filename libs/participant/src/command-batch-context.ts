import { BaseRpcContext } from '@nestjs/microservices';
import type { SqlExecutor } from '@clew/outbox';
import type { CommandContext } from './command-context.js';

/**
 * Where the commands of a batch come from, in their order, and the transaction they run in. Guards and interceptors of a batch
 * handler get it from `host.switchToRpc().getContext()`.
 */
export class CommandBatchContext extends BaseRpcContext<CommandContext[]> {
  constructor(
    readonly commands: readonly CommandContext[],
    /** The Prisma client of the transaction; `@Transaction()` gives it under its own type. */
    readonly transaction: SqlExecutor,
  ) {
    super([...commands]);
  }
}
