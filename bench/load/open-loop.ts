import { setTimeout as delay } from 'node:timers/promises';
import { acceptedId } from './bookings.js';
import type { Booked } from './closed-loop.js';
import type { HttpCaller } from './http-caller.js';
import type { Watch } from './watch.js';

/**
 * Books at a fixed rate, whether the system keeps up or not, and waits for the end of all. A request for which there is no
 * connection waits, and its wait is part of its latency: it is counted from when it was due.
 *
 * @throws Error when a booking isn't accepted, or when not all have ended two minutes after the last request
 */
export async function openLoop(
  caller: HttpCaller,
  watch: Watch,
  requests: readonly Buffer[],
  { perSecond }: { readonly perSecond: number },
): Promise<Booked> {
  const sentAt = new Map<string, number>();
  const acceptedAfter: number[] = [];
  const startedAt = performance.now();
  const startedOn = Date.now();

  const send = async (request: Buffer, dueAfter: number) => {
    while (caller.room === 0) await delay(1);
    const id = acceptedId(await caller.send(request));
    sentAt.set(id, startedOn + dueAfter);
    acceptedAfter.push(performance.now() - startedAt - dueAfter);
  };
  const sending: Promise<void>[] = [];
  for (const [index, request] of requests.entries()) {
    const dueAfter = (index * 1_000) / perSecond;
    const early = dueAfter - (performance.now() - startedAt);
    if (early > 0) await delay(early);
    sending.push(send(request, dueAfter));
  }
  await Promise.all(sending);

  const lastSentAt = performance.now();
  while ((await watch.underWay()) > 0) {
    if (performance.now() - lastSentAt > 120_000) throw new Error('Bookings are under way for two minutes.');
    await delay(10);
  }
  return { sentAt, acceptedAfter, seconds: (performance.now() - startedAt) / 1_000 };
}
