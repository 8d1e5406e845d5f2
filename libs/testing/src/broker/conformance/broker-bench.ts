import type {
  BrokerConsumer,
  BrokerPublisher,
  ConsumerOptions,
  DeadLetters,
  Delivery,
  OutgoingMessage,
  Routes,
} from '@clew/broker';
import { eventually } from '../../eventually.js';
import { conformanceQueues, type BrokerUnderTest } from './broker-under-test.js';

export const logger = { log: () => undefined, warn: () => undefined, error: () => undefined };

/** `flights` and `cars` hear of hotels, `cars` of every undo besides; `hotels` has subscribed to nothing. */
export const trip: Routes = {
  queues: conformanceQueues,
  subscriptions: [
    { queue: 'flights', topics: ['trip.hotel.succeeded'] },
    { queue: 'cars', topics: ['trip.hotel.succeeded', 'trip.*.compensated', 'trip.flight.#'] },
  ],
};

let messages = 0;

export function message(changes: Partial<OutgoingMessage> = {}): OutgoingMessage {
  messages += 1;
  return {
    destination: 'flights',
    messageId: `m-${messages}`,
    correlationId: 'saga-1',
    type: 'flights.reserve',
    replyTo: 'hotels',
    headers: { step: 'flight', epoch: 0 },
    payload: `{"number":${messages}}`,
    ...changes,
  };
}

export function batch(size: number, changes: Partial<OutgoingMessage> = {}): OutgoingMessage[] {
  return Array.from({ length: size }, () => message(changes));
}

export const idsOf = (list: readonly { readonly messageId?: string }[]) =>
  list.map(({ messageId }) => messageId);

export interface Receiver {
  readonly consumer: BrokerConsumer;
  readonly received: Delivery[];
  readonly has: (count: number) => Promise<void>;
}

/** Makes publishers and consumers of the broker under test, and closes all of them in the end. */
export class BrokerBench {
  readonly #open: { close(): Promise<void> }[] = [];

  constructor(readonly subject: BrokerUnderTest) {}

  publisher(routes: Routes = trip): BrokerPublisher {
    const publisher = this.subject.broker.publisher({ routes, logger, name: 'publisher of the suite' });
    this.#open.push(publisher);
    return publisher;
  }

  async readyPublisher(routes?: Routes): Promise<BrokerPublisher> {
    const publisher = this.publisher(routes);
    publisher.start();
    await eventually(() => publisher.ready, {
      describe: 'the publisher to be ready',
      within: 20_000,
      every: 5,
    });
    return publisher;
  }

  /** Sends messages that have nothing to do with one another: what is sent by one call may travel together. */
  async sendSingly(publisher: BrokerPublisher, messages: readonly OutgoingMessage[]): Promise<void> {
    for (const message of messages) await publisher.publish([message]);
  }

  /** Keeps what it is given in the order of its coming. */
  consumer(options: Partial<ConsumerOptions> & Pick<ConsumerOptions, 'publisher'>): Receiver {
    const received: Delivery[] = [];
    const consumer = this.subject.broker.consumer({
      routes: trip,
      queue: 'flights',
      prefetch: 100,
      onDelivery: (delivery) => received.push(delivery),
      logger,
      ...options,
    });
    this.#open.push(consumer);
    const has = async (count: number) => {
      await eventually(() => received.length >= count, {
        describe: `${count} deliveries`,
        within: 15_000,
        every: 5,
      });
    };
    return { consumer, received, has };
  }

  async subscribed(
    options: Partial<ConsumerOptions> & Pick<ConsumerOptions, 'publisher'>,
  ): Promise<Receiver> {
    const receiver = this.consumer(options);
    await receiver.consumer.start();
    return receiver;
  }

  deadLetters(): DeadLetters {
    const letters = this.subject.broker.deadLetters({ routes: trip, logger });
    this.#open.push(letters);
    return letters;
  }

  /** Sends messages to queues or topics and parks all that comes of them in a queue, in their order. */
  async park(
    publisher: BrokerPublisher,
    messages: readonly OutgoingMessage[],
    queue = 'flights',
  ): Promise<void> {
    await publisher.publish(messages);
    const { consumer, received, has } = await this.subscribed({ publisher, queue });
    await has(messages.length);
    for (const delivery of received) await consumer.park(delivery, `No handler for ${delivery.messageId}.`);
    await consumer.close();
  }

  /** Takes all that a queue has, so many messages at least, and resolves with their ids. */
  async contentsOf(
    queue: string,
    publisher: BrokerPublisher,
    count: number,
  ): Promise<(string | undefined)[]> {
    const last = message({ destination: queue });
    await publisher.publish([last]);
    const taken: (string | undefined)[] = [];
    const { consumer } = this.consumer({
      publisher,
      queue,
      onDelivery: (delivery) => {
        taken.push(delivery.messageId);
        consumer.ack([delivery]);
      },
    });
    await consumer.start();
    await eventually(() => taken.length > count && taken.includes(last.messageId), {
      describe: `all that is in ${queue}`,
      within: 15_000,
      every: 5,
    });
    await consumer.close();
    return taken.filter((id) => id !== last.messageId);
  }

  async close(): Promise<void> {
    await Promise.all(this.#open.map((each) => each.close()));
  }
}
