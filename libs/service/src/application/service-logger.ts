import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import { redacted } from '@clew/redaction';

/** Contexts in which Nest tells how it puts an application together: the same forty lines at every start. */
const ASSEMBLY = new Set([
  'InstanceLoader',
  'NestApplication',
  'NestFactory',
  'NestMicroservice',
  'RouterExplorer',
  'RoutesResolver',
]);

/**
 * Nest's logger without the assembly of the application, and without passwords, keys and e-mail addresses; warnings and
 * errors are never left out.
 */
export class ServiceLogger extends ConsoleLogger {
  constructor(service: string) {
    super({ prefix: service, colors: process.stdout.isTTY === true });
  }

  override log(message: unknown, ...rest: unknown[]): void {
    if (ASSEMBLY.has(String(rest.at(-1)))) return;
    super.log(message, ...rest);
  }

  protected override formatMessage(
    level: LogLevel,
    message: unknown,
    ...rest: [pid: string, label: string, context: string, since: string, params?: Record<string, unknown>]
  ): string {
    // Before it is coloured, too: the sign of a colour would be taken for the beginning of an address.
    const text = typeof message === 'string' ? redacted(message) : message;
    return redacted(super.formatMessage(level, text, ...rest));
  }

  protected override printStackTrace(stack: string): void {
    super.printStackTrace(stack && redacted(stack));
  }
}
