import { BaseRpcContext } from '@nestjs/microservices';
import type { CommandEnvelope } from '@clew/envelope';
import type { SqlExecutor } from '@clew/outbox';

/**
 * Where a command comes from, and the transaction it runs in: `@Ctx() context: CommandContext`. Guards and interceptors get
 * it from `host.switchToRpc().getContext()`.
 */
export class CommandContext extends BaseRpcContext<[CommandEnvelope]> {
  constructor(
    command: CommandEnvelope,
    /** The Prisma client of the transaction; `@Transaction()` gives it under its own type. */
    readonly transaction: SqlExecutor,
  ) {
    super([command]);
  }

  get command(): CommandEnvelope {
    return this.args[0];
  }
  /** The saga instance. What a compensation has to undo is found by `sagaId` and `step`. */
  get sagaId(): string {
    return this.command.sagaId;
  }
  /** Name of the saga's definition. */
  get saga(): string {
    return this.command.saga;
  }
  get step(): string {
    return this.command.step;
  }
  get direction(): 'action' | 'compensation' {
    return this.command.direction;
  }
  get epoch(): number {
    return this.command.epoch;
  }
  /** How often the orchestrator has sent this command, from 1. */
  get attempt(): number {
    return this.command.attempt;
  }
  get commandId(): string {
    return this.command.commandId;
  }
}
