/** What has to go over the wire for some deliveries to be acked. */
export interface Acks {
  /** If set, everything up to this tag is acked with one frame. */
  readonly upTo: number | undefined;
  /** Tags to be acked one by one. */
  readonly singly: readonly number[];
}

/**
 * The book of one channel's delivery tags: 1, 2, 3, … in the order of delivery. It turns a batch of settled tags into as
 * few frames as may be, and never into one that would ack a delivery that nobody has settled yet.
 */
export class UnackedDeliveries {
  /** Every tag up to this one has been acked. */
  #floor = 0;
  /** Acked ones above the floor, beyond at least one that is not. */
  readonly #islands = new Set<number>();

  isSettled(tag: number): boolean {
    return tag <= this.#floor || this.#islands.has(tag);
  }

  /**
   * Settles these tags. One that is settled already is passed over: acking twice would cost the channel.
   *
   * @param tags in any order
   */
  settle(tags: readonly number[]): Acks {
    const fresh: number[] = [];
    for (const tag of tags) {
      if (this.isSettled(tag)) continue;
      this.#islands.add(tag);
      fresh.push(tag);
    }
    while (this.#islands.delete(this.#floor + 1)) this.#floor += 1;

    // The frame must name a tag that the broker still waits for, so it is one of these and not the floor itself.
    let upTo: number | undefined;
    const singly: number[] = [];
    for (const tag of fresh) {
      if (tag > this.#floor) singly.push(tag);
      else if (upTo === undefined || tag > upTo) upTo = tag;
    }
    return { upTo, singly };
  }
}
