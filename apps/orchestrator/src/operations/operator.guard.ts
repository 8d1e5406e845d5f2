import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { forbidden, unauthorized } from '@clew/service';
import { callerOf } from '../callers/caller-of.js';
import type { CalledRequest } from '../callers/current-caller.decorator.js';
import { OrchestratorEnvironment } from '../orchestrator-environment.js';

/** Lets only those in who bear the operator's key, or an API key of that role; nobody while there is neither. */
@Injectable()
export class OperatorGuard implements CanActivate {
  constructor(private readonly environment: OrchestratorEnvironment) {}

  canActivate(context: ExecutionContext): boolean {
    if (!this.isOpen) throw unauthorized('Operations are closed: set CLEW_OPERATOR_KEY to open them.');
    const request = context.switchToHttp().getRequest<CalledRequest>();
    const caller = callerOf(this.environment, request.headers.authorization);
    if (caller?.role === 'operator') {
      request.caller = caller;
      return true;
    }
    // Who has no name hasn't shown a key at all, or a wrong one.
    if (caller?.name !== undefined)
      throw forbidden(`Operations are not for ${caller.name}, who is no operator.`);
    throw unauthorized('Send the operator key as "Authorization: Bearer <key>".');
  }

  private get isOpen(): boolean {
    const { CLEW_API_KEYS, CLEW_OPERATOR_KEY } = this.environment;
    return CLEW_OPERATOR_KEY !== undefined || CLEW_API_KEYS.some(({ role }) => role === 'operator');
  }
}
