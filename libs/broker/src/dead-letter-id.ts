import { createHash } from 'node:crypto';

/**
 * An id for a dead letter, for adapters: the same for the same letter, as often as it is looked at.
 *
 * @param unchanging all that is known of the letter and that looking at it doesn't change
 */
export function deadLetterId(queue: string, unchanging: unknown, content: Buffer): string {
  return createHash('sha256')
    .update(JSON.stringify([queue, unchanging]))
    .update('\0')
    .update(content)
    .digest('hex')
    .slice(0, 32);
}
