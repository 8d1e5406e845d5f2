import type { Options } from 'amqplib';
import type { PublishResult } from '@clew/broker';

/** What is needed to tell which message a returned one is. */
export interface Addressed {
  readonly destination: string;
  readonly messageId?: string;
}

/** How one kind of message goes onto a channel. */
export interface Writing<T> {
  /** May throw for a message that can never be sent. */
  readonly exchangeOf: (message: T) => string;
  /** A longer payload is never sent. In bytes. */
  readonly longest: number;
  readonly contentOf: (message: T) => Buffer;
  readonly optionsOf: (message: T) => Options.Publish;
  /** What to try if the first options can't be written. */
  readonly bareOptionsOf?: (message: T) => Options.Publish;
}

export const Outcome = { open: 0, returning: 1, confirmed: 2, returned: 3, failed: 4 } as const;
export type SettledOutcome = typeof Outcome.confirmed | typeof Outcome.returned | typeof Outcome.failed;

/** The messages of one `publish()`: what was written of them and what became of each. One promise for all of them. */
export class PublishCall<T extends Addressed = Addressed> {
  /** Index of the first message that isn't written yet. */
  next = 0;
  readonly #outcomes: Uint8Array;
  #unsettled: number;

  constructor(
    readonly messages: readonly T[],
    readonly writing: Writing<T>,
    private readonly resolve: (result: PublishResult<T>) => void,
  ) {
    this.#outcomes = new Uint8Array(messages.length);
    this.#unsettled = messages.length;
  }

  get isWritten(): boolean {
    return this.next >= this.messages.length;
  }

  /** The broker has no queue for it. It is settled by the confirm that follows. */
  markReturning(index: number): void {
    this.#outcomes[index] = Outcome.returning;
  }

  /** Whether this is a message that waits for its confirm and that a return from the broker can mean. */
  isCandidate(index: number, { exchange, routingKey, messageId }: Returned): boolean {
    const message = this.messages[index]!;
    return (
      this.#outcomes[index] === Outcome.open &&
      message.messageId === messageId &&
      message.destination === routingKey &&
      this.writing.exchangeOf(message) === exchange
    );
  }

  /** @returns whether it was still open */
  settle(index: number, outcome: SettledOutcome): boolean {
    const before = this.#outcomes[index]!;
    if (before > Outcome.returning) return false;
    this.#outcomes[index] =
      outcome === Outcome.confirmed && before === Outcome.returning ? Outcome.returned : outcome;
    this.#unsettled -= 1;
    if (this.#unsettled === 0) this.resolve(this.#result());
    return true;
  }

  /** Fails what isn't written, for good. */
  giveUpUnwritten(): void {
    while (!this.isWritten) {
      this.settle(this.next, Outcome.failed);
      this.next += 1;
    }
  }

  #result(): PublishResult<T> {
    const result: PublishResult<T> = { confirmed: [], returned: [], failed: [] };
    for (let index = 0; index < this.messages.length; index += 1) {
      const outcome = this.#outcomes[index];
      const list =
        outcome === Outcome.confirmed
          ? result.confirmed
          : outcome === Outcome.returned
            ? result.returned
            : result.failed;
      list.push(this.messages[index]!);
    }
    return result;
  }
}

/** What the broker says of a message that it has no queue for. */
export interface Returned {
  readonly exchange: string;
  readonly routingKey: string;
  readonly messageId: string | undefined;
}
