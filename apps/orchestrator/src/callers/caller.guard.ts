import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { unauthorized } from '@clew/service';
import { OrchestratorEnvironment } from '../orchestrator-environment.js';
import { callerOf } from './caller-of.js';
import type { CalledRequest } from './current-caller.decorator.js';

/** Lets those in who bear an API key, and tells who it is; everybody while no keys are set. */
@Injectable()
export class CallerGuard implements CanActivate {
  constructor(private readonly environment: OrchestratorEnvironment) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<CalledRequest>();
    const caller = callerOf(this.environment, request.headers.authorization);
    if (!caller) throw unauthorized('Send your API key as "Authorization: Bearer <key>".');
    request.caller = caller;
    return true;
  }
}
