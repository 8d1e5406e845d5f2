/** The messages of a pack that were handed over: the pack is done with when each of them is. */
export class PackInHand {
  readonly #open: Set<number>;

  constructor(count: number) {
    this.#open = new Set(Array.from({ length: count }, (_, index) => index));
  }

  isSettled(index: number): boolean {
    return !this.#open.has(index);
  }

  /** @returns whether that was the last one */
  settle(index: number): boolean {
    return this.#open.delete(index) && this.#open.size === 0;
  }
}

/** A message's place in its pack. */
export interface PackPlace {
  readonly pack: PackInHand;
  readonly index: number;
}
