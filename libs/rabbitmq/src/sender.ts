import { unescape } from 'node:querystring';
import type { MessageProperties } from 'amqplib';

type MessageHeaders = Readonly<Record<string, unknown>>;

/**
 * In what was parked or redriven: the user who had sent it first, empty if that can't be told. It is believed from the own
 * user only.
 */
export const senderHeader = 'x-clew-sender';

/** The user of RabbitMQ that this URL logs in as, read as amqplib reads it. */
export function userOf(url: string): string {
  // A URL that is none is refused by whoever connects with it.
  return (URL.canParse(url) && unescape(new URL(url).username)) || 'guest';
}

/**
 * Who has sent a message. RabbitMQ takes a `userId` only from that very user, and none is there if the sender gave none. Of
 * what the own user has parked or redriven, it is whoever was found to have sent it then.
 */
export function senderOf({ userId, headers }: MessageProperties, ownUser: string): string | undefined {
  const noted: unknown = headers?.[senderHeader];
  const sender: unknown = userId === ownUser && typeof noted === 'string' ? noted : userId;
  return typeof sender === 'string' && sender !== '' ? sender : undefined;
}

/** A message's headers as they were given to its first publisher: who that was is told by the delivery itself. */
export function withoutSender(headers: MessageHeaders): MessageHeaders {
  if (!(senderHeader in headers)) return headers;
  const { [senderHeader]: _sender, ...own } = headers;
  return own;
}
