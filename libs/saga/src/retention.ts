import { COMMAND_LIFE_MS } from '@clew/envelope';

export const DEFAULT_RETENTION_MS = 30 * 24 * 3_600_000;

/** When a saga is deleted its participants forget it too: no command of it may be under way any more, with a day to spare. */
export const SHORTEST_RETENTION_MS = 2 * COMMAND_LIFE_MS;

/**
 * How long sagas are kept after their end, in milliseconds; `Infinity` is for ever.
 *
 * @throws RangeError with a sentence when it is so short that a command could come after everybody has forgotten its saga
 */
export function retentionOf(retentionMs = DEFAULT_RETENTION_MS): number {
  if (retentionMs >= SHORTEST_RETENTION_MS) return retentionMs;
  throw new RangeError(
    `Sagas must be kept for ${SHORTEST_RETENTION_MS} ms (two days) at least after their end, not for ${retentionMs} ms: ` +
      'their participants forget them at the same time, and a command may come a day late.',
  );
}
