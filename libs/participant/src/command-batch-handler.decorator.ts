import { MessagePattern } from '@nestjs/microservices';
import type { CommandClass, ReplyOf } from './command-class.js';
import type { CommandContext } from './command-context.js';
import {
  COMMAND_MARK,
  COMMAND_TRANSPORT,
  type CommandHandlerOptions,
  type HandlerResult,
} from './command-handler.decorator.js';
import type { CommandRejected } from './command-rejected.js';

/** One of the commands that a batch handler is given. */
export interface BatchedCommand<Payload extends object> {
  /** A validated instance of the command's class. */
  readonly payload: Payload;
  readonly context: CommandContext;
}

/**
 * Makes a controller's method the handler of all commands of a type that have arrived together, so that one statement may do
 * for many what a handler of one does for each. It returns one reply or `CommandRejected` for each of them, in their order.
 *
 * The method runs inside the transaction of the fence, as that of `@CommandHandler` does; no two of its commands are about the
 * same step of a saga. What it refuses it must leave as it was. What it throws rolls all of them back, and each is
 * tried by itself then: a command that is thrown over alone is parked, unless that is passing trouble.
 */
export function CommandBatchHandler<Command extends CommandClass>(
  command: Command,
  { transient }: CommandHandlerOptions = {},
) {
  return <
    Method extends (...args: never[]) => HandlerResult<readonly (ReplyOf<Command> | CommandRejected)[]>,
  >(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<Method>,
  ): void => {
    MessagePattern(command.type, COMMAND_TRANSPORT, { [COMMAND_MARK]: true, transient, batchOf: command })(
      target,
      key,
      descriptor,
    );
  };
}
