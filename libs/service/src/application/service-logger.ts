import { ConsoleLogger } from '@nestjs/common';

/** Contexts in which Nest tells how it puts an application together: the same forty lines at every start. */
const ASSEMBLY = new Set([
  'InstanceLoader',
  'NestApplication',
  'NestFactory',
  'NestMicroservice',
  'RouterExplorer',
  'RoutesResolver',
]);

/** Nest's logger without the assembly of the application; warnings and errors are never left out. */
export class ServiceLogger extends ConsoleLogger {
  constructor(service: string) {
    super({ prefix: service, colors: process.stdout.isTTY === true });
  }

  override log(message: unknown, ...rest: unknown[]): void {
    if (ASSEMBLY.has(String(rest.at(-1)))) return;
    super.log(message, ...rest);
  }
}
