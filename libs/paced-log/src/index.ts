/**
 * A log of what may happen thousands of times a second.
 *
 * Guarantees: the first time is told of at once, of what follows one line in a period tells how often it happened and what it
 * was the last time; none is left out of the count.
 */
export { PacedLog } from './paced-log.js';
export type { Happening } from './paced-log.js';
