import type { GetMessage, MessageProperties, Options } from 'amqplib';
import { deadLetterId, shownPayload, type DeadLetter } from '@clew/broker';
import { parkedAtHeader, reasonHeader, returnsHeader, routingKeyHeader } from './dead-letter.js';
import { keptProperties } from './kept-properties.js';
import { senderHeader, senderOf } from './sender.js';

/** The queue of the dead letters counts how often they were looked at. */
const countHeaders = ['x-delivery-count', 'x-acquired-count'];
/** What parking has added, and what would act on the broker. */
const passingHeaders: ReadonlySet<string> = new Set([
  ...countHeaders,
  reasonHeader,
  routingKeyHeader,
  returnsHeader,
  parkedAtHeader,
  senderHeader,
  'x-death',
  'CC',
  'BCC',
]);
const deathHeader = /^x-(first|last)-death-/;

/** What a message in the dead-letter queue of this queue tells. */
export function readDeadLetter({ properties, content }: GetMessage, queue: string): DeadLetter {
  const headers = properties.headers ?? {};
  const { messageId, correlationId, type } = properties;
  const unchanging = { ...properties, headers: without(headers, (name) => countHeaders.includes(name)) };
  return {
    id: deadLetterId(queue, unchanging, content),
    queue,
    reason: reasonOf(headers),
    parkedAt: parkedAtOf(headers),
    messageId,
    correlationId,
    type,
    returns: typeof headers[returnsHeader] === 'number' ? headers[returnsHeader] : 0,
    headers: headersBefore(headers),
    ...shownPayload(content),
  };
}

/**
 * With these the message goes back to its queue, as if it had never been parked, but for a word on who had sent it: a letter
 * that somebody else has put there is from whoever that was.
 *
 * @param userId of whoever sends it back
 */
export function redrivenOptions(properties: MessageProperties, userId: string): Options.Publish {
  const headers = headersBefore(properties.headers ?? {});
  const sender = senderOf(properties, userId) ?? '';
  return { ...keptProperties(properties), userId, headers: { ...headers, [senderHeader]: sender } };
}

type Headers = NonNullable<MessageProperties['headers']>;

function headersBefore(headers: Headers): Headers {
  return without(headers, (name) => passingHeaders.has(name) || deathHeader.test(name));
}

function without(headers: Headers, isOut: (name: string) => boolean): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !isOut(name)));
}

function reasonOf(headers: Headers): string {
  const reason: unknown = headers[reasonHeader];
  if (typeof reason === 'string') return reason;
  const death = headers['x-death']?.[0];
  return death ? `RabbitMQ has given it up (${death.reason}).` : 'No reason is given.';
}

function parkedAtOf(headers: Headers): Date | null {
  const parkedAt: unknown = headers[parkedAtHeader];
  // RabbitMQ notes whole seconds.
  const diedAt: unknown = (headers['x-death']?.[0]?.time as { value?: unknown } | undefined)?.value;
  const date = new Date(typeof parkedAt === 'string' ? parkedAt : Number(diedAt ?? NaN) * 1_000);
  return Number.isNaN(date.getTime()) ? null : date;
}
