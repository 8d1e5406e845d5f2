import type { MessageProperties } from 'amqplib';
import type { OutgoingMessage } from '@clew/broker';

/** Says that a message is a pack: many messages in one. */
export const packContentType = 'application/x-clew-pack';
/** Bytes of their payloads, at the most. */
export const packBytes = 64 * 1024;

/** In AMQP short texts have 255 bytes, and a character has up to three. */
const longestText = 85;

/** Whether a message is one that could go out alone as well; what is unusual does, and is judged then. */
export function fitsInPack({ messageId, correlationId, type, replyTo, payload }: OutgoingMessage): boolean {
  return (
    typeof payload === 'string' &&
    payload.length <= packBytes &&
    [messageId, correlationId, type, replyTo ?? ''].every(({ length }) => length <= longestText)
  );
}

/** What a message in a pack keeps of its own; its payload is `bytes` long. */
interface Entry {
  readonly messageId: string;
  readonly correlationId: string;
  readonly type: string;
  readonly replyTo?: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly timestamp: number;
  readonly bytes: number;
}

/** A message out of a pack, as if it had come alone. */
export interface PackedMessage {
  readonly properties: MessageProperties;
  readonly content: Buffer;
}

/**
 * The body of a pack: one line of JSON that lists the messages, and behind it their payloads, one after the other.
 *
 * @param timestamp in seconds since 1970
 */
export function packed(messages: readonly OutgoingMessage[], timestamp: number): Buffer {
  const entries = messages.map(({ messageId, correlationId, type, replyTo, headers, payload }): Entry => ({
    messageId,
    correlationId,
    type,
    ...(replyTo !== undefined && { replyTo }),
    headers,
    timestamp,
    bytes: Buffer.byteLength(payload),
  }));
  return Buffer.from(`${JSON.stringify(entries)}\n${messages.map(({ payload }) => payload).join('')}`);
}

/**
 * The messages of a pack. Their payloads are views of its body.
 *
 * @param userId whom the pack says that it is from, as each of its messages does then
 * @throws Error that says what is wrong with it
 */
export function unpacked(body: Buffer, userId?: unknown): PackedMessage[] {
  const head = body.indexOf('\n');
  if (head < 0) throw new Error('the pack has no line that lists its messages');
  const entries = entriesOf(body.subarray(0, head).toString());
  let from = head + 1;
  const messages = entries.map((entry) => {
    const content = body.subarray(from, (from += entry.bytes));
    return { properties: propertiesOf(entry, userId), content };
  });
  if (from !== body.length)
    throw new Error(`the pack has ${body.length - head - 1} bytes of payload and lists ${from - head - 1}`);
  return messages;
}

/** As amqplib has them. Named one by one, as they are made so often: to spread an entry into them takes ten times the memory. */
function propertiesOf(
  { messageId, correlationId, type, replyTo, headers, timestamp }: Entry,
  userId: unknown,
): MessageProperties {
  return {
    contentType: 'application/json',
    contentEncoding: undefined,
    headers,
    deliveryMode: 2,
    priority: undefined,
    correlationId,
    replyTo,
    expiration: undefined,
    messageId,
    timestamp,
    type,
    userId,
    appId: undefined,
    clusterId: undefined,
  };
}

function entriesOf(line: string): Entry[] {
  let entries: unknown;
  try {
    entries = JSON.parse(line);
  } catch {
    throw new Error('the line that lists the messages of the pack is no JSON');
  }
  if (!Array.isArray(entries) || entries.length === 0 || !entries.every(isEntry))
    throw new Error('the pack has to list its messages, each with its properties, headers and bytes');
  return entries;
}

function isEntry(entry: unknown): entry is Entry {
  const { headers, bytes, ...properties } = (entry ?? {}) as Record<string, unknown>;
  const texts = ['messageId', 'correlationId', 'type', 'replyTo'];
  return (
    texts.every((name) => properties[name] === undefined || typeof properties[name] === 'string') &&
    (properties.timestamp === undefined || typeof properties.timestamp === 'number') &&
    typeof headers === 'object' &&
    headers !== null &&
    Number.isSafeInteger(bytes) &&
    (bytes as number) >= 0
  );
}
