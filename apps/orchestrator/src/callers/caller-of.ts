import { timingSafeEqual } from 'node:crypto';
import type { OrchestratorEnvironment } from '../orchestrator-environment.js';
import { digestOf } from './api-key.js';
import type { Caller } from './caller.js';

/** Where keys are named. */
export type KnownKeys = Pick<OrchestratorEnvironment, 'CLEW_API_KEYS' | 'CLEW_OPERATOR_KEY'>;

/**
 * Who bears the key of an `Authorization` header; undefined if keys are needed and this is none. Takes the same time
 * whichever key it is, and wherever a wrong one differs.
 */
export function callerOf(
  { CLEW_API_KEYS: apiKeys, CLEW_OPERATOR_KEY: operatorKey }: KnownKeys,
  authorization: string | undefined,
): Caller | undefined {
  const given = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
  if (given !== undefined) {
    const digest = digestOf(given);
    const isOperator = operatorKey !== undefined && timingSafeEqual(digest, digestOf(operatorKey));
    const [key] = apiKeys.filter((known) => timingSafeEqual(digest, known.digest));
    if (isOperator) return { name: undefined, role: 'operator' };
    if (key) return { name: key.name, role: key.role };
  }
  return apiKeys.length === 0 ? { name: undefined, role: 'caller' } : undefined;
}
