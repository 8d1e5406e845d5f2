import type { Logger } from '@clew/broker';
import type { Topology } from './topology.js';

export interface RabbitPublisherOptions {
  /** `amqp://user:password@host:5672/vhost`, or `amqps:`. */
  readonly url: string;
  readonly topology: Topology;
  readonly logger: Logger;
  /** Shown in the broker's list of connections and in the log. Default `publisher`. */
  readonly name?: string;
  /** How old an unconfirmed message may get before the connection is given up, in milliseconds. Default 8,000. */
  readonly confirmTimeoutMs?: number;
  /** How many messages may wait for their confirms. Default 2,000. */
  readonly maxInFlight?: number;
  /** How many bytes of payload may wait for their confirms, a single larger message excepted. Default 16 MiB. */
  readonly maxInFlightBytes?: number;
  /** Messages of one call for one queue that go out as one, at the most. 1: each for itself. Default 100. */
  readonly mostInPack?: number;
  /** Longest payload in bytes. Default 16 MiB, which is what RabbitMQ 4 takes; one too long would cost the channel. */
  readonly maxMessageBytes?: number;
}
