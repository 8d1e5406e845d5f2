/**
 * Hands over what has arrived while the last batch was under way, at most `max` items at a time, one batch at a time.
 * There is no timer: an item that comes to an idle batcher is taken at once, so batches are small when little happens
 * and grow with the load.
 */
export class MicroBatcher<Item> {
  private waiting: Item[] = [];
  private running = false;
  private idleListeners: (() => void)[] = [];

  /** `run` must not reject: what to do about a failure is its own business. */
  constructor(
    private readonly run: (batch: Item[]) => Promise<void>,
    private readonly max: number,
  ) {}

  /** Items that wait for their batch. */
  get size(): number {
    return this.waiting.length;
  }

  add(item: Item): void {
    this.waiting.push(item);
    if (this.running) return;
    this.running = true;
    // Lets everything that arrives in this turn of the event loop join the first batch.
    setImmediate(() => void this.drain());
  }

  /** Takes items that still wait out again. */
  withdraw(which: (item: Item) => boolean): Item[] {
    // Each is asked about once: with time it may become true of one that isn't given back.
    const [withdrawn, kept]: [Item[], Item[]] = [[], []];
    for (const item of this.waiting) (which(item) ? withdrawn : kept).push(item);
    this.waiting = kept;
    return withdrawn;
  }

  /** Resolves when nothing waits and nothing runs. */
  async idle(): Promise<void> {
    if (this.running) await new Promise<void>((resolve) => this.idleListeners.push(resolve));
  }

  private async drain(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.length <= this.max ? this.waiting : this.waiting.slice(0, this.max);
      this.waiting = this.waiting.length <= this.max ? [] : this.waiting.slice(this.max);
      await this.run(batch);
    }
    this.running = false;
    const listeners = this.idleListeners;
    this.idleListeners = [];
    for (const listener of listeners) listener();
  }
}
