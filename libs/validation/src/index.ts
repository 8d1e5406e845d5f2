/**
 * Validation by the decorators of class-validator, for those who validate thousands a second.
 *
 * For: Nest's ValidationPipe over HTTP and over a broker, refusing what no rule names.
 *
 * Guarantees: accepted is what class-validator accepts; what it refuses, it says itself, in its own words.
 *
 * Not guaranteed: that a rule is seen which is declared after its class was first validated; and rules that answer by a promise
 * are as slow as ever.
 */
export { StrictPipe, type StrictPipeOptions } from './strict.pipe.js';
