import { type ValidationPipe } from '@nestjs/common';
import type { MessageHandler } from '@nestjs/microservices';
import type { SqlExecutor } from '@clew/outbox';
import type { BatchedCommand } from './command-batch-handler.decorator.js';
import { CommandBatchContext } from './command-batch-context.js';
import type { CommandClass } from './command-class.js';
import { CommandContext } from './command-context.js';
import type { CommandHandlerOptions } from './command-handler.decorator.js';
import type { CommandHandlers } from './command-handlers.js';
import type { ReceivedCommand } from './received-command.js';
import { TransientFault } from './transient-fault.js';
import { payloadValidation } from './payload-validation.js';

/** Calls one of Nest's handlers, with all that Nest puts around it; gives its reply. */
export type CallHandler = (
  handler: MessageHandler,
  data: unknown,
  context: CommandContext | CommandBatchContext,
) => Promise<unknown>;

interface HandlerExtras extends CommandHandlerOptions {
  /** The class of the commands that it takes many of. */
  readonly batchOf?: CommandClass;
}

/** The methods of an app's controllers that take commands. */
export class NestHandlers implements CommandHandlers {
  readonly #validation: ValidationPipe = payloadValidation();

  constructor(
    private readonly handlers: ReadonlyMap<string, MessageHandler>,
    private readonly call: CallHandler,
  ) {}

  invoke({ envelope, payload }: ReceivedCommand, transaction: SqlExecutor): Promise<unknown> {
    // A copy: pipes may change what they get, and the command may be handled again after a rollback.
    return this.call(
      this.handlers.get(envelope.type)!,
      structuredClone(payload),
      new CommandContext(envelope, transaction),
    );
  }

  takesMany(type: string): boolean {
    return this.#extrasOf(type).batchOf !== undefined;
  }

  async read({ envelope, payload }: ReceivedCommand): Promise<object> {
    const { batchOf } = this.#extrasOf(envelope.type);
    return (await this.#validation.transform(payload, { type: 'body', metatype: batchOf! })) as object;
  }

  invokeMany(
    commands: readonly ReceivedCommand[],
    payloads: readonly object[],
    transaction: SqlExecutor,
  ): Promise<unknown> {
    const contexts = commands.map(({ envelope }) => new CommandContext(envelope, transaction));
    const batch: BatchedCommand<object>[] = contexts.map((context, index) => ({
      payload: payloads[index]!,
      context,
    }));
    const handler = this.handlers.get(commands[0]!.envelope.type)!;
    return this.call(handler, batch, new CommandBatchContext(contexts, transaction));
  }

  isPassing(type: string, error: unknown): boolean {
    return error instanceof TransientFault || this.#extrasOf(type).transient?.(error) === true;
  }

  #extrasOf(type: string): HandlerExtras {
    return (this.handlers.get(type)?.extras ?? {}) as HandlerExtras;
  }
}
