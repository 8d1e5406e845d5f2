import type { ConsumeMessage } from 'amqplib';

/** Hands over what the broker brings, as long as not too much is in hand. What comes on top waits as it came, packs unopened. */
export class HandOver {
  readonly #waiting: ConsumeMessage[] = [];
  #inHand = 0;
  #isHandingOver = false;

  /**
   * @param most deliveries in hand at which nothing more is handed over
   * @param handOver gives how many deliveries the message came to
   */
  constructor(
    private readonly most: number,
    private readonly handOver: (message: ConsumeMessage) => number,
  ) {}

  take(message: ConsumeMessage): void {
    this.#waiting.push(message);
    this.#go();
  }

  /** So many deliveries are in hand no more. */
  settled(count: number): void {
    this.#inHand -= count;
    this.#go();
  }

  #go(): void {
    // Who is handed something may settle it before this call comes back.
    if (this.#isHandingOver) return;
    this.#isHandingOver = true;
    while (this.#waiting.length > 0 && this.#inHand < this.most) {
      const count = this.handOver(this.#waiting.shift()!);
      this.#inHand += count;
    }
    this.#isHandingOver = false;
  }
}
