import type { Broker } from '@clew/broker';
import { BrokerMemory } from './broker-memory.js';
import { InProcessConsumer } from './in-process-consumer.js';
import { InProcessDeadLetters } from './in-process-dead-letters.js';
import { InProcessPublisher } from './in-process-publisher.js';
import type { DeadLetter } from './memory-queue.js';

/** A broker in the memory of this process, with a switch for outages and a look inside. */
export interface InProcessBroker extends Broker {
  /** Cuts every connection. What is in the queues stays there, and what was handed out goes back to them. */
  readonly goAway: () => void;
  /** Everyone connects again. */
  readonly comeBack: () => void;
  /** Messages of a queue that nobody has, and those that were handed out and are not acked. */
  readonly depthOf: (queue: string) => { readonly waiting: number; readonly unacked: number };
  readonly deadLettersOf: (queue: string) => readonly DeadLetter[];
}

/** Keeps the promises of the port, except that nothing is left of it when the process ends. Programs share it by sharing the object. */
export function inProcessBroker(): InProcessBroker {
  const memory = new BrokerMemory();
  return {
    publisher: (options) => new InProcessPublisher(memory, options),
    consumer: (options) => new InProcessConsumer(memory, options),
    deadLetters: (options) => new InProcessDeadLetters(memory, options),
    goAway: () => memory.goAway(),
    comeBack: () => memory.comeBack(),
    depthOf: (queue) => ({
      waiting: memory.queue(queue)?.waiting ?? 0,
      unacked: memory.queue(queue)?.unacked ?? 0,
    }),
    deadLettersOf: (queue) => [...(memory.queue(queue)?.deadLetters ?? [])],
  };
}
