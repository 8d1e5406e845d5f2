/**
 * Validation by the decorators of class-validator, for those who validate thousands a second.
 *
 * For: Nest's ValidationPipe over HTTP and over a broker, refusing what no rule names.
 *
 * Guarantees: accepted is what class-validator accepts, as the instance that class-transformer makes of it; what is refused,
 * class-validator says itself, in its own words. Both are asked whenever it isn't plain that they would agree.
 *
 * Not guaranteed: that a decorator is seen which is applied after its class was first validated; and rules that answer by a promise
 * are as slow as ever.
 */
export { StrictPipe, type StrictPipeOptions } from './strict.pipe.js';
