import { acceptedId, type Bookings } from '../load/bookings.js';
import type { HttpCaller } from '../load/http-caller.js';
import type { Watch } from '../load/watch.js';
import { median } from './distribution.js';

const SAMPLES = 50;

export interface CommitDelay {
  /** Milliseconds by which an end is told to have come earlier than anybody could see it, at the median. */
  readonly ms: number;
  /** The bookings that it was measured with. */
  readonly ids: readonly string[];
}

/**
 * `ended_at` is when the last transaction of a saga began, and its end is there for others when that transaction is
 * committed. How long that takes on a quiet system is measured by looking without a pause for the ends of some bookings.
 */
export async function measureCommitDelay(
  caller: HttpCaller,
  watch: Watch,
  bookings: Bookings,
): Promise<CommitDelay> {
  const delays: number[] = [];
  const ids: string[] = [];
  for (const request of bookings.take(SAMPLES)) {
    const id = acceptedId(await caller.send(request));
    let endedAt: number | undefined;
    while (endedAt === undefined) endedAt = (await watch.endsOf([id])).get(id);
    delays.push(Date.now() - endedAt);
    ids.push(id);
  }
  return { ms: median(delays), ids };
}
