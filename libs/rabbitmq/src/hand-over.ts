import type { ConsumeMessage } from 'amqplib';

/** A delivery counts once for each so many bytes of its payload that it begins. */
const BYTES_THAT_COUNT_ONCE = 4 * 1024;

/**
 * Hands over what the broker brings, as long as not too much is in hand. What comes on top waits as it came, packs unopened.
 *
 * What is in hand is parsed, into twenty times as much memory if it is all brackets: so long deliveries count for many.
 */
export class HandOver {
  readonly #waiting: ConsumeMessage[] = [];
  #inHand = 0;
  #isHandingOver = false;

  /**
   * @param most deliveries in hand at which nothing more is handed over
   * @param handOver gives the payloads of the deliveries that the message came to
   */
  constructor(
    private readonly most: number,
    private readonly handOver: (message: ConsumeMessage) => readonly { readonly content: Buffer }[],
  ) {}

  take(message: ConsumeMessage): void {
    this.#waiting.push(message);
    this.#go();
  }

  /** These are in hand no more. */
  settled(deliveries: readonly { readonly content: Buffer }[]): void {
    for (const delivery of deliveries) this.#inHand -= weightOf(delivery);
    this.#go();
  }

  #go(): void {
    // Who is handed something may settle it before this call comes back.
    if (this.#isHandingOver) return;
    this.#isHandingOver = true;
    while (this.#waiting.length > 0 && this.#inHand < this.most)
      for (const delivery of this.handOver(this.#waiting.shift()!)) this.#inHand += weightOf(delivery);
    this.#isHandingOver = false;
  }
}

function weightOf({ content }: { readonly content: Buffer }): number {
  return Math.max(1, Math.ceil(content.length / BYTES_THAT_COUNT_ONCE));
}
