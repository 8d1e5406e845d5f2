/**
 * Micro-batches: work that arrives one by one is done many at a time, without waiting for more to come.
 *
 * Guarantees: order of arrival, one batch at a time, no delay at light load. Doesn't bound what waits: whoever adds does.
 */
export { MicroBatcher } from './micro-batcher.js';
