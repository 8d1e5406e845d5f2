import { createParamDecorator, type PipeTransform, type Type } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { CommandBatchContext } from './command-batch-context.js';
import type { CommandContext } from './command-context.js';

/**
 * The client of the transaction that the handler must write through: `@Transaction() transaction: Prisma.TransactionClient`.
 * What is written by another way stays when the command is rolled back.
 */
export const Transaction = createParamDecorator(
  (_unused, host) => host.switchToRpc().getContext<CommandContext | CommandBatchContext>().transaction,
) as () => ParameterDecorator;

/** The command as a validated instance of the parameter's class. */
export function Command(...pipes: (Type<PipeTransform> | PipeTransform)[]): ParameterDecorator {
  return Payload(...pipes);
}

/** The commands that a batch handler is given: `@Commands() commands: readonly BatchedCommand<ReserveFlight>[]`. */
export function Commands(...pipes: (Type<PipeTransform> | PipeTransform)[]): ParameterDecorator {
  return Payload(...pipes);
}
