import { acceptedId } from './bookings.js';
import type { HttpCaller } from './http-caller.js';

/**
 * Books all of them as fast as they are accepted, whether they end or not.
 *
 * @returns their ids
 * @throws Error when one isn't accepted
 */
export async function rush(caller: HttpCaller, requests: readonly Buffer[]): Promise<string[]> {
  const ids: string[] = [];
  let next = 0;
  const sendOneByOne = async () => {
    while (next < requests.length) ids.push(acceptedId(await caller.send(requests[next++]!)));
  };
  await Promise.all(Array.from({ length: caller.room }, sendOneByOne));
  return ids;
}
