import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ServiceEnvironment } from '../configuration/service-environment.js';
import { unauthorized } from '../problem/problem.exception.js';

/** Lets only those in who bear the operator's key; nobody while none is set. */
@Injectable()
export class OperatorKeyGuard implements CanActivate {
  constructor(private readonly environment: ServiceEnvironment) {}

  canActivate(context: ExecutionContext): boolean {
    const key = this.environment.CLEW_OPERATOR_KEY;
    if (!key) throw unauthorized('Operations are closed: set CLEW_OPERATOR_KEY to open them.');
    const request = context.switchToHttp().getRequest<{ headers: { authorization?: string } }>();
    const given = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
    if (given === undefined || !isSame(given, key))
      throw unauthorized('Send the operator key as "Authorization: Bearer <key>".');
    return true;
  }
}

/** Takes the same time wherever the two differ. */
function isSame(given: string, key: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(key));
}
