/** Which dead letters are meant. */
export type DeadLetterSelection =
  { readonly ids: readonly string[] } | { readonly queue: string } | { readonly all: true };

/**
 * The queues in which to look for them.
 *
 * @throws RangeError if the selection names a queue that isn't one of these
 */
export function queuesOfSelection(
  selection: DeadLetterSelection,
  queues: readonly string[],
): readonly string[] {
  if (!('queue' in selection)) return queues;
  if (!queues.includes(selection.queue))
    throw new RangeError(`The queue "${selection.queue}" is not in the routes: ${queues.join(', ')}.`);
  return [selection.queue];
}

/** What is still to be found of a selection. Each id is found once, also where letters share it. */
export class WantedLetters {
  readonly #ids: Set<string> | undefined;

  constructor(selection: DeadLetterSelection) {
    this.#ids = 'ids' in selection ? new Set(selection.ids) : undefined;
  }

  /** Every letter of the queues is meant. */
  get areAll(): boolean {
    return this.#ids === undefined;
  }

  get areFound(): boolean {
    return this.#ids?.size === 0;
  }

  /** Whether this letter is meant; if so, it counts as found. */
  takes({ id }: { readonly id: string }): boolean {
    return this.#ids?.delete(id) ?? true;
  }
}
