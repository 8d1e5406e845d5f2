/**
 * Brokers in tests: one in the memory of the process, for sagas and participants without RabbitMQ, and the suite that tells
 * whether a broker keeps the promises of `@clew/broker`. Needs Jest.
 *
 *     describeBroker('my broker', async () => ({ broker: myBroker(…), goAway, comeBack, deadLettersOf, close }));
 *
 * Guarantees: the suite has a test for every promise of the port that can be seen from outside within seconds; the
 * in-process broker keeps them, and hands out and confirms in later turns of the program, as a real one does.
 *
 * Not guaranteed: that an adapter survives what the suite can't bring about (`docs/broker.md` lists it). The in-process
 * broker keeps nothing beyond the process.
 */
export { conformanceQueues, type BrokerUnderTest } from './conformance/broker-under-test.js';
export { describeBroker } from './conformance/describe-broker.js';
export { inProcessBroker, type InProcessBroker } from './in-process-broker.js';
export type { DeadLetter } from './memory-queue.js';
