import type { Options } from 'amqplib';
import type { RabbitDelivery } from './delivery.js';
import { keptProperties } from './kept-properties.js';
import { senderHeader } from './sender.js';

/** Says why a message was parked. At most 2,000 characters. */
export const reasonHeader = 'x-clew-reason';
/** The routing key it once came with. */
export const routingKeyHeader = 'x-clew-routing-key';
/** How often it had gone back to its queue before it was parked. Not there if never, or if its queue doesn't count. */
export const returnsHeader = 'x-clew-returns';
/** When it was parked, as ISO 8601 has it, by the clock of whoever parked it. */
export const parkedAtHeader = 'x-clew-parked-at';
const longestReason = 2_000;

/** A copy of a delivery as it goes to the dead letters. */
export interface DeadLetter {
  /** Routing key in the dead-letter exchange: the logical name of the queue it came from. */
  readonly destination: string;
  readonly messageId?: string;
  /** The very bytes of the original. */
  readonly content: Buffer;
  readonly options: Options.Publish;
  /** For an original whose properties can't be written again. */
  readonly bareOptions: Options.Publish;
}

/**
 * The copy keeps the bytes, what `keptProperties` keeps and all headers but those that would act on the broker: CC and BCC
 * would send it elsewhere; the delivery count is that of the queue it came from, and goes by another name. Who has sent it is
 * what was checked, whatever its headers say.
 */
export function deadLetterOf(delivery: RabbitDelivery, reason: string, now = new Date()): DeadLetter {
  const { properties, routingKey } = delivery.origin;
  const { CC: _, BCC: __, [senderHeader]: ___, 'x-delivery-count': returns, ...headers } = delivery.headers;
  const marks = {
    [reasonHeader]: reason.slice(0, longestReason),
    [routingKeyHeader]: routingKey,
    [parkedAtHeader]: now.toISOString(),
    [senderHeader]: delivery.sender ?? '',
    ...(typeof returns === 'number' && returns > 0 && { [returnsHeader]: returns }),
  };
  const { messageId, correlationId, type } = properties;
  return {
    destination: delivery.queue,
    messageId,
    content: delivery.content,
    options: { ...keptProperties(properties), headers: { ...headers, ...marks } },
    bareOptions: { persistent: true, mandatory: true, messageId, correlationId, type, headers: marks },
  };
}
