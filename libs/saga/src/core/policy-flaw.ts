import type { Policy } from './definition.js';

/** As many milliseconds as a 32-bit integer holds, which is what the database is given. */
const LONGEST_MS = 2 ** 31 - 1;

export function isWholeMilliseconds(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= LONGEST_MS;
}

/** What is wrong with a policy's settings, as the end of a sentence; `undefined` when nothing is. */
export function policyFlaw(policy: Partial<Policy>): string | undefined {
  const { timeoutMs, maxTimeoutMs, backoff, jitter, attempts } = policy;
  if (timeoutMs !== undefined && !isWholeMilliseconds(timeoutMs))
    return 'timeoutMs must be whole milliseconds, up to 24 days';
  if (maxTimeoutMs !== undefined && !isWholeMilliseconds(maxTimeoutMs))
    return 'maxTimeoutMs must be whole milliseconds, up to 24 days';
  if (backoff !== undefined && !(backoff >= 1 && Number.isFinite(backoff)))
    return 'backoff must be a number from 1';
  if (jitter !== undefined && !(jitter >= 0 && jitter <= 1)) return 'jitter must be a number from 0 to 1';
  if (attempts !== undefined && !(Number.isInteger(attempts) && attempts >= 1 && attempts <= LONGEST_MS))
    return 'attempts must be a whole number from 1';
  return undefined;
}
