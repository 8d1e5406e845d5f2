import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Caller } from './caller.js';

/** A request whose caller a guard has found out. */
export interface CalledRequest {
  readonly headers: { readonly authorization?: string };
  caller?: Caller;
}

/** Parameter: who calls. */
export const CurrentCaller = createParamDecorator((_nothing: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<CalledRequest>();
  if (!caller) throw new Error('@CurrentCaller() needs a guard that finds the caller out.');
  return caller;
});
