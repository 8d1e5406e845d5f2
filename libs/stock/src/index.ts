/**
 * What of counted things is free, for many who want some at once.
 *
 * For: batch handlers that have locked and read the rows concerned, and have to say to each command in its turn whether it gets
 * what it wants, before one statement takes it all.
 *
 * Guarantees: each gets all that it wants or nothing; whoever is refused leaves the others what they would have had without it.
 *
 * Not guaranteed: anything about the rows themselves; that nobody changes them meanwhile is up to their locks.
 */
export { Stock, type StockRow, type Taking } from './stock.js';
