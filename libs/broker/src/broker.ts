import type { BrokerConsumer } from './broker-consumer.js';
import type { BrokerPublisher } from './broker-publisher.js';
import type { DeadLetters } from './dead-letters.js';
import type { Delivery } from './delivery.js';
import type { Logger } from './logger.js';
import type { Routes } from './routes.js';

/** The way to a broker. It holds no connection itself: publishers and consumers do, from their `start()` to their `close()`. */
export interface Broker {
  /** @throws RangeError if a queue subscribes to topics that is not among the queues */
  publisher(options: PublisherOptions): BrokerPublisher;
  /** @throws RangeError if the queue, the prefetch or a subscription can't be right */
  consumer(options: ConsumerOptions): BrokerConsumer;
  /** Of all queues of the routes. */
  deadLetters(options: DeadLettersOptions): DeadLetters;
}

export interface PublisherOptions {
  readonly routes: Routes;
  readonly logger: Logger;
  /** By which people recognise it in the log and at the broker. Default `publisher`. */
  readonly name?: string;
}

export interface ConsumerOptions {
  readonly routes: Routes;
  /** Logical name of the queue; one of the routes'. */
  readonly queue: string;
  /** How many deliveries may be unacked at once, from 1 to 65,535. Twice the size of a batch keeps the receiver busy. */
  readonly prefetch: number;
  /**
   * Called synchronously for each delivery, in the order of the queue. It is meant to put it away and return: work that
   * throws here is a bug, and its delivery is parked.
   */
  readonly onDelivery: (delivery: Delivery) => void;
  /** All deliveries that were handed over and not acked are void: the broker will deliver them again. */
  readonly onLost?: () => void;
  /** By which parked messages go to the dead letters; one of the same broker's. */
  readonly publisher: BrokerPublisher;
  readonly logger: Logger;
}

export interface DeadLettersOptions {
  readonly routes: Routes;
  readonly logger: Logger;
}
