import { MessagePattern } from '@nestjs/microservices';
import type { Observable } from 'rxjs';
import type { CommandClass, ReplyOf } from './command-class.js';

/** What a handler may return: the reply, a promise of it, or an observable whose last value it is. */
export type HandlerResult<Reply> = Reply | Promise<Reply> | Observable<Reply>;

/** Keeps the other transports of an app away from its commands. */
export const COMMAND_TRANSPORT = Symbol('clew:commands');

/** Marks them for the command server. */
export const COMMAND_MARK = 'clew:command';

export interface CommandHandlerOptions {
  /**
   * Which of the errors that the method throws are passing trouble, like a delivery service that is down: the transaction
   * is rolled back and the command tried again with backoff, for as long as it takes. Faults of the database and the
   * network count as such anyway, and so does a `TransientFault`; any other error is a bug and parks the command.
   */
  readonly transient?: (error: unknown) => boolean;
}

/**
 * Makes a controller's method the handler of a command. It must return the command's reply, which the compiler checks.
 *
 * The method runs inside the transaction of the fence: once per command, however often that is delivered, as far as it
 * writes through the client that `@Transaction()` gives it. It may run again after a rollback.
 */
export function CommandHandler<Command extends CommandClass>(
  command: Command,
  { transient }: CommandHandlerOptions = {},
) {
  return <Method extends (...args: never[]) => HandlerResult<ReplyOf<Command>>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<Method>,
  ): void => {
    MessagePattern(command.type, COMMAND_TRANSPORT, { [COMMAND_MARK]: true, transient })(
      target,
      key,
      descriptor,
    );
  };
}
