/** What has happened so many times since the last line, as a line. */
export type Happening = (times: number) => string;

/** Tells of what happens: the first time at once, of what follows one line in a period, about the last and with their number. */
export class PacedLog {
  #timer: NodeJS.Timeout | undefined;
  #untold = 0;
  #last: Happening = String;

  /** @param periodMs between two lines, in milliseconds */
  constructor(
    private readonly write: (line: string) => void,
    private readonly periodMs = 1_000,
  ) {}

  happened(happening: Happening): void {
    this.#untold += 1;
    this.#last = happening;
    if (!this.#timer) this.#tell();
  }

  /** Tells what was held back, and leaves no timer. */
  close(): void {
    this.#tell();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#untold === 0) return;
    this.write(this.#last(this.#untold));
    this.#untold = 0;
    this.#timer = setTimeout(() => this.#tell(), this.periodMs).unref();
  }
}
