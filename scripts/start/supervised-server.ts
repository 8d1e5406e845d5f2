import { setTimeout as delay } from 'node:timers/promises';
import type { Server } from '@clew/testing';
import { Backoff } from './backoff.js';
import { seconds } from './supervised-app.js';

/** Starts a private server again, with backoff, when it ends without having been told to. Others look after themselves. */
export function superviseServer(server: Server, stop: AbortSignal, print: (line: string) => void): void {
  const backoff = new Backoff();
  let startedAt = performance.now();
  const startAgain = async (what: string): Promise<void> => {
    if (stop.aborted) return;
    const wait = backoff.delayAfter(performance.now() - startedAt);
    print(`${server.name} ${what}; starting it again in ${wait / 1000} s`);
    try {
      await delay(wait, undefined, { signal: stop });
      startedAt = performance.now();
      await server.start();
      print(`${server.name} is back (${seconds(startedAt)})`);
    } catch (error) {
      if (!stop.aborted) print(`${server.name} can't be started again: ${(error as Error).message}`);
    }
  };
  server.onUnexpectedEnd((what) => void startAgain(what));
}
