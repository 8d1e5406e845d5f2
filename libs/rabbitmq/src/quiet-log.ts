import type { Logger } from '@clew/broker';

/** How many different sentences are remembered; beyond that the oldest is forgotten, and may be said again. */
const memory = 200;

/**
 * Says each sentence at most once in a period and then how often it was held back, so that a fault that lasts neither
 * fills the log nor is forgotten in it. A different sentence is always said at once.
 */
export class QuietLog {
  readonly #said = new Map<string, { at: number; heldBack: number }>();

  /**
   * @param periodMs for how long a sentence that was said isn't repeated, in milliseconds
   * @param now a clock in milliseconds
   */
  constructor(
    private readonly logger: Logger,
    private readonly periodMs = 30_000,
    private readonly now: () => number = () => performance.now(),
  ) {}

  warn(sentence: string): void {
    const text = this.#unlessRepeated(sentence);
    if (text) this.logger.warn(text);
  }

  error(sentence: string): void {
    const text = this.#unlessRepeated(sentence);
    if (text) this.logger.error(text);
  }

  /** Lets everything be said at once again, for when the trouble is over. */
  forget(): void {
    this.#said.clear();
  }

  #unlessRepeated(sentence: string): string | undefined {
    const now = this.now();
    const last = this.#said.get(sentence);
    if (last && now - last.at < this.periodMs) {
      last.heldBack += 1;
      return undefined;
    }
    this.#said.delete(sentence); // Said anew it becomes the youngest.
    if (this.#said.size >= memory) this.#said.delete(this.#said.keys().next().value!);
    this.#said.set(sentence, { at: now, heldBack: 0 });
    return last?.heldBack ? `${sentence} (and ${last.heldBack} times since this was last said)` : sentence;
  }
}
