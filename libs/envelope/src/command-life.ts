import type { ReceivedMessage } from './wire-message.js';

/**
 * How long an action may be on its way, in milliseconds: a day. A participant doesn't carry out an older one, and
 * remembers a saga for longer than that after its end. So no action can come so late that nobody knows any more that it
 * was done, or must never be.
 */
export const COMMAND_LIFE_MS = 24 * 3_600_000;

/**
 * Whether a message was published longer ago than a command lives. One without a timestamp is taken as young.
 *
 * It's the one age that no database can tell. The clocks of two processes are compared; a day is far beyond their skew.
 */
export function isOutlived({ timestamp }: Pick<ReceivedMessage, 'timestamp'>, now: number): boolean {
  return timestamp !== undefined && now - timestamp * 1_000 > COMMAND_LIFE_MS;
}
