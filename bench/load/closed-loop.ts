import { setTimeout as delay } from 'node:timers/promises';
import { acceptedId } from './bookings.js';
import type { HttpCaller } from './http-caller.js';
import type { Watch } from './watch.js';

/** What became of the requests of one run. */
export interface Booked {
  /** When each accepted booking was asked for, in milliseconds since 1970 by this machine's clock. */
  readonly sentAt: ReadonlyMap<string, number>;
  /** Milliseconds until each was accepted. */
  readonly acceptedAfter: readonly number[];
  /** From the first request until the last booking was seen to have ended. */
  readonly seconds: number;
}

/** How often to look how many have ended, in milliseconds: so often that few of those that may be under way are missing. */
const lookEvery = (inFlight: number) => Math.min(20, Math.max(4, inFlight / 50));

/**
 * Books all of them, so many being under way at a time (asked for and not ended), and waits for the end of all.
 *
 * @throws Error when a booking isn't accepted, or when none has ended for two minutes
 */
export async function closedLoop(
  caller: HttpCaller,
  watch: Watch,
  requests: readonly Buffer[],
  { inFlight }: { readonly inFlight: number },
): Promise<Booked> {
  const sentAt = new Map<string, number>();
  const acceptedAfter: number[] = [];
  let sent = 0;
  let mayBeSent = 0;
  let failure: Error | undefined;

  const sendWhatMay = () => {
    for (; mayBeSent > 0 && sent < requests.length && caller.room > 0; mayBeSent--)
      void send(requests[sent++]!);
  };
  const send = async (request: Buffer) => {
    try {
      const answer = await caller.send(request);
      sentAt.set(acceptedId(answer), answer.sentAt);
      acceptedAfter.push(answer.ms);
      sendWhatMay();
    } catch (error) {
      failure ??= error as Error;
    }
  };

  const startedAt = performance.now();
  let last = { ended: -1, at: startedAt };
  for (;;) {
    const accepted = sentAt.size;
    // Some of these may be accepted only now: then there are a few less under way than there might be, never more.
    const ended = accepted - (await watch.underWay());
    if (failure) throw failure;
    if (ended === requests.length) break;
    if (ended > last.ended) last = { ended, at: performance.now() };
    if (performance.now() - last.at > 120_000)
      throw new Error(`${requests.length - ended} bookings don't end.`);
    mayBeSent = inFlight - (sent - ended);
    sendWhatMay();
    await delay(lookEvery(inFlight));
  }
  return { sentAt, acceptedAfter, seconds: (performance.now() - startedAt) / 1_000 };
}
