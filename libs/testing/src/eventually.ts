import { setTimeout as delay } from 'node:timers/promises';

export interface EventuallyOptions {
  /** How long to go on, in milliseconds. Default 10,000. */
  readonly within?: number;
  /** How long to rest between two tries, in milliseconds. Default 50. */
  readonly every?: number;
  /** What is waited for, as it reads after "Waited for". */
  readonly describe?: string;
}

/** What is left of a type once everything that is always false is taken away. */
export type Truthy<T> = Exclude<T, false | 0 | 0n | '' | null | undefined>;

/**
 * Repeats a probe until it returns something truthy and doesn't throw, and resolves with that. At least one try is made.
 *
 * @throws Error with the description, the time, the number of tries, and how the last of them failed (as its cause)
 */
export async function eventually<T>(
  probe: () => T | Promise<T>,
  { within = 10_000, every = 50, describe = 'a condition' }: EventuallyOptions = {},
): Promise<Truthy<T>> {
  const startedAt = Date.now();
  for (let tries = 1; ; tries += 1) {
    let failure: unknown;
    try {
      const result = await probe();
      if (result) return result as Truthy<T>;
      failure = new Error(`the probe returned ${String(result)}`);
    } catch (error) {
      failure = error;
    }
    const passed = Date.now() - startedAt;
    if (passed + every > within) {
      const reason = failure instanceof Error ? failure.message : String(failure);
      throw new Error(`Waited for ${describe} for ${passed} ms (${tries} tries), in vain: ${reason}`, {
        cause: failure,
      });
    }
    await delay(every);
  }
}
