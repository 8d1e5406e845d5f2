import type { Broker } from '@clew/broker';
import type { DeadLetter } from '../memory-queue.js';

/** What the conformance suite has to be given of a broker. Opened anew for each test, with none of the suite's queues there. */
export interface BrokerUnderTest {
  readonly broker: Broker;
  /** Begins an outage: every connection is lost and none can be made. What is in the queues stays there. */
  readonly goAway: () => void | Promise<void>;
  readonly comeBack: () => void | Promise<void>;
  /** What lies among the dead letters of a queue. */
  readonly deadLettersOf: (queue: string) => readonly DeadLetter[] | Promise<readonly DeadLetter[]>;
  /** Removes what the suite has made. */
  readonly close: () => void | Promise<void>;
}

/** All queues that the suite makes. */
export const conformanceQueues = ['flights', 'hotels', 'cars'] as const;
