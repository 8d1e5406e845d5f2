/**
 * New ids: UUIDs of version 7, which grow with time, so that rows which are inserted together lie together.
 *
 * Guarantees: each is greater than those that the process has made before. Not guaranteed: any order between processes within a
 * millisecond, or while their clocks differ.
 */
export { newId } from './new-id.js';
