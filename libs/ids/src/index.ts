/**
 * New ids: UUIDs of version 7, which grow with time, so that rows which are inserted together lie together.
 *
 * Guarantees: one that is made in a later millisecond is greater. Not guaranteed: the order of those of one millisecond.
 */
export { newId } from './new-id.js';
