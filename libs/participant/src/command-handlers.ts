import type { SqlExecutor } from '@clew/outbox';
import type { ReceivedCommand } from './received-command.js';

/** The handlers of an app, as the transaction needs them. */
export interface CommandHandlers {
  /** Runs a command's handler. Resolves with its reply, and rejects with whatever the handler threw. */
  invoke(command: ReceivedCommand, transaction: SqlExecutor): Promise<unknown>;
  /** Whether the handler of this type takes many commands at a time. */
  takesMany(type: string): boolean;
  /** The command's payload as a valid instance of its class; rejects if it is none. Of a type that takes many. */
  read(command: ReceivedCommand): Promise<object>;
  /** Runs the handler of commands of one type, with what was read of them. Rejects with whatever it threw. */
  invokeMany(
    commands: readonly ReceivedCommand[],
    payloads: readonly object[],
    transaction: SqlExecutor,
  ): Promise<unknown>;
  /** Whether what a handler threw is passing trouble, beyond what the database reports as such. */
  isPassing(type: string, error: unknown): boolean;
}
