import type { Coverage } from './coverage.js';
import type { LockMessage } from './messages.js';

/** The queues of those who wait for a key, its holder first. */
export class LockTable {
  private readonly queues = new Map<string, string[]>();
  private readonly granted = new Map<string, string>();
  /** Keys that were taken from a holder whose lease had ended. */
  readonly expired = new Set<string>();

  constructor(private readonly coverage: Coverage) {}

  request(sagaId: string, key: string): void {
    const queue = this.queues.get(key) ?? [];
    if (queue.length > 0) this.coverage.locksWaitedFor++;
    this.queues.set(key, [...queue, sagaId]);
  }

  release(sagaId: string): void {
    for (const [key, queue] of this.queues) {
      this.queues.set(
        key,
        queue.filter((waiter) => waiter !== sagaId),
      );
      if (this.granted.get(key) === sagaId) this.granted.delete(key);
    }
  }

  /** Gives every key that is free to the first in its queue. */
  grant(): LockMessage[] {
    return [...this.queues].flatMap(([key, [first]]): LockMessage[] => {
      if (first === undefined || this.granted.has(key)) return [];
      this.granted.set(key, first);
      return [{ kind: 'lock', sagaId: first, key, change: 'acquired' }];
    });
  }

  /** Keys that have a holder and somebody who waits. */
  get contended(): string[] {
    return [...this.queues].flatMap(([key, queue]) =>
      this.granted.has(key) && queue.length > 1 ? [key] : [],
    );
  }

  /** The lease of a contended key ends: its holder hears so, and the next in the queue may have it. */
  expire(key: string): LockMessage[] {
    const holder = this.granted.get(key)!;
    this.queues.set(
      key,
      this.queues.get(key)!.filter((waiter) => waiter !== holder),
    );
    this.granted.delete(key);
    this.expired.add(key);
    this.coverage.lockLeasesEnded++;
    return [{ kind: 'lock', sagaId: holder, key, change: 'lost' }];
  }
}
