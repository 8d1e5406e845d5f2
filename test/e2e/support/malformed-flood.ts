import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { audit } from './audit.js';
import { publishAll, takeDeadLetters, type DeadLetter } from './dead-letters.js';
import { it } from './it-with-logs.js';
import { malformedMessages, type MalformedMessage } from './malformed-messages.js';
import { RunningSystem } from './running-system.js';
import { tripsOnOneFlight, type Trip } from './trip.js';

export interface Flood {
  /** Malformed messages on each queue. */
  readonly perQueue: number;
  /** How many of them are of one to five megabytes. */
  readonly huge: number;
  /** Milliseconds that it may take until all of them are parked. */
  readonly within: number;
}

/** What is remembered of a message that was sent, by its mark. */
type Sent = Map<string, Pick<MalformedMessage, 'reason'> & { readonly bytes: number }>;

const outward = tripsOnOneFlight(60, { flight: { flightNumber: 'CL120' } });
const refused = tripsOnOneFlight(20, { flight: { flightNumber: 'CL121' }, hotel: { hotelId: 'GRAND-FULL' } });
const endOf = ({ hotel }: Trip) => (hotel.hotelId === 'GRAND-FULL' ? 'COMPENSATED' : 'COMPLETED');

/** Describes what the system does with malformed messages on all of its queues while it books trips. */
export function describeFlood({ perQueue, huge, within }: Flood): void {
  describe(`${perQueue} malformed messages on each queue, while trips are booked`, () => {
    let system: RunningSystem;
    beforeAll(async () => {
      system = await RunningSystem.start();
    }, 90_000);
    afterAll(() => system?.stop(), 60_000);

    it(
      'are each parked once with the reason; no app dies and no booking is lost',
      async () => {
        const pids = system.pids();
        const floods = system.queues.map((queue) => flood(queue));
        const accepted: string[] = [];
        for (const request of [...outward, ...refused])
          accepted.push((await system.gateway().book(request)).id);

        const sent = await Promise.all(floods);
        const parked = await Promise.all(
          system.queues.map((queue) => takeDeadLetters(system, queue, perQueue, within)),
        );
        for (const [index, queue] of system.queues.entries())
          expect({ queue, wrong: differences(sent[index]!, parked[index]!) }).toEqual({ queue, wrong: [] });

        await system.untilAllEnded(accepted.length, 60_000);
        const { completed, compensated } = await audit(system, { accepted });
        for (const { status, trip } of [...completed, ...compensated]) expect(status).toBe(endOf(trip));
        expect(completed).toHaveLength(outward.length);
        expect(system.pids()).toEqual(pids);
      },
      within + 120_000,
    );

    async function flood(queue: string): Promise<Sent> {
      const sent: Sent = new Map();
      const remembering = function* () {
        for (const message of malformedMessages(queue, perQueue, huge)) {
          sent.set(message.mark, { reason: message.reason, bytes: message.content.length });
          yield message;
        }
      };
      await publishAll(system, queue, remembering());
      return sent;
    }
  });
}

/** What isn't there exactly once, as it was sent, with the right reason and without having gone round before. */
function differences(sent: Sent, parked: readonly DeadLetter[]): string[] {
  const missing = new Map(sent);
  const wrong: string[] = [];
  for (const { mark, reason, bytes, returns } of parked) {
    const message = missing.get(mark);
    missing.delete(mark);
    if (!message) wrong.push(`"${mark}" wasn't sent, or is there twice: ${reason}`);
    else if (!reason.includes(message.reason)) wrong.push(`"${mark}" has the reason: ${reason}`);
    else if (bytes !== message.bytes) wrong.push(`"${mark}" has ${bytes} bytes, and had ${message.bytes}`);
    else if (returns > 0) wrong.push(`"${mark}" was given back ${returns} times before`);
  }
  return [...wrong, ...[...missing.keys()].map((mark) => `"${mark}" is missing`)];
}
