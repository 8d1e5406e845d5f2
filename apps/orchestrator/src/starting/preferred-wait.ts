/** A call is kept open no longer than this, in seconds. */
export const LONGEST_WAIT = 30;

/**
 * For how many seconds a caller would rather wait, by a `Prefer: wait=N` header (RFC 7240); `undefined` when it doesn't say.
 * What can't be understood is no preference.
 */
export function readPreferredWait(header: string | undefined): number | undefined {
  for (const preference of (header ?? '').split(',')) {
    const [, seconds] = /^\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:;.*)?$/i.exec(preference) ?? [];
    if (seconds !== undefined) return Math.min(Number(seconds), LONGEST_WAIT);
  }
  return undefined;
}
