/** Bounds of the pause between two tries, in milliseconds. */
export interface Backoff {
  readonly firstMs: number;
  readonly capMs: number;
}

export const reconnectBackoff: Backoff = { firstMs: 100, capMs: 2_000 };

/**
 * How long to rest before the next try: doubled with each failure up to the cap, less up to half of it by chance, so that
 * the clients of a broker that came back don't all knock at the same moment.
 *
 * @param failures failures in a row before this pause, from 1
 * @param random a number from 0 (inclusive) to 1 (exclusive)
 * @returns milliseconds
 */
export function pauseAfter(failures: number, { firstMs, capMs }: Backoff, random = Math.random()): number {
  const full = Math.min(capMs, firstMs * 2 ** Math.min(failures - 1, 30));
  return full * (1 - random / 2);
}
