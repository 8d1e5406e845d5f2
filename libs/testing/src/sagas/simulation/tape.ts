/**
 * Every decision of a simulated history is read from a tape of numbers: the same tape gives the same history.
 * A spent tape reads as zeros, and 0 always stands for the tamest choice, so a shorter tape is a simpler history.
 */
export class Tape {
  private position = 0;

  constructor(private readonly numbers: readonly number[]) {}

  get isSpent(): boolean {
    return this.position >= this.numbers.length;
  }

  /** A whole number from 0 to `options - 1`. */
  pick(options: number): number {
    return (this.numbers[this.position++] ?? 0) % options;
  }

  chance(percent: number): boolean {
    return this.pick(100) >= 100 - percent;
  }
}
