/** Milliseconds. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** By nearest rank. */
export function percentilesOf(figures: readonly number[]): Percentiles {
  const sorted = [...figures].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

/** The middle one; of an even number the lower of the two in the middle, so that it is a figure that was measured. */
export function median(figures: readonly number[]): number {
  return percentilesOf(figures).p50;
}

/**
 * The median of every figure on its own, through all levels of alike objects. What isn't a number is that of the first.
 */
export function medians<T>(alike: readonly T[]): T {
  const [first] = alike;
  if (typeof first === 'number') return median(alike as readonly number[]) as T;
  if (typeof first !== 'object' || first === null || Array.isArray(first)) return first as T;
  const entries = Object.keys(first).map((key) => [
    key,
    medians(alike.map((each) => (each as Record<string, unknown>)[key])),
  ]);
  return Object.fromEntries(entries) as T;
}
