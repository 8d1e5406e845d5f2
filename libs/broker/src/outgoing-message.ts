/** A message to be sent to a queue or a topic. */
export interface OutgoingMessage {
  /** The logical name of a queue, or a topic: words with dots between them. */
  readonly destination: string;
  /** The destination is a topic: every queue that has subscribed to it gets the message. */
  readonly topic?: true;
  /** Same id, same message: receivers recognise duplicates by it. At most 255 bytes, like the other properties. */
  readonly messageId: string;
  readonly correlationId: string;
  readonly type: string;
  readonly replyTo?: string;
  readonly headers: Readonly<Record<string, string | number>>;
  /** JSON text, already serialised. It is sent as it is, in UTF-8. */
  readonly payload: string;
}

/**
 * What became of each message of one call, as the caller's own objects, each in exactly one of the lists, in the order
 * they were given in.
 */
export interface PublishResult<T> {
  /** The broker has them in every queue they are for, durably. */
  readonly confirmed: T[];
  /** The broker has no queue for their destination, or none has subscribed to it, and doesn't keep them. */
  readonly returned: T[];
  /** Not known to be there. They may be: a connection can be lost between the message and its confirm. Send them again. */
  readonly failed: T[];
}
