const shortest = 200;
const longest = 10_000;
/** An app that has stayed up this long counts as well; in milliseconds. */
const wellAfter = 30_000;

/**
 * How long to wait before something that died is started again: 0.2 s, then twice as long each time up to 10 s, from the
 * beginning again once it has stayed up for half a minute.
 */
export class Backoff {
  private next = shortest;

  /** @param upFor how long it had been up when it died, in milliseconds; the answer is in milliseconds, too */
  delayAfter(upFor: number): number {
    if (upFor >= wellAfter) this.next = shortest;
    const delay = this.next;
    this.next = Math.min(delay * 2, longest);
    return delay;
  }
}
