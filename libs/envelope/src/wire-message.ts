/** A message as it is handed to the transport. */
export interface WireMessage {
  /** The logical name of a queue, or a topic. */
  readonly destination: string;
  readonly topic?: true;
  readonly messageId: string;
  readonly correlationId: string;
  readonly type: string;
  readonly replyTo?: string;
  readonly headers: Readonly<Record<string, string | number>>;
  /** JSON text. */
  readonly payload: string;
}

/** A message as it comes from the transport: nothing about it is certain. */
export interface ReceivedMessage {
  readonly messageId?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly type?: string | undefined;
  readonly replyTo?: string | undefined;
  /** When it was published, in seconds since 1970, by the publisher's clock. */
  readonly timestamp?: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly content: Buffer;
}
