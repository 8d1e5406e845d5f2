import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { connect } from 'amqplib';
import { commandQueueOf } from '@clew/envelope';
import { audit } from '../e2e/support/audit.js';
import { BookingRush } from '../e2e/support/booking-rush.js';
import { it } from '../e2e/support/it-with-logs.js';
import { residentMegabytesOf } from '../e2e/support/process-usage.js';
import { RunningSystem } from '../e2e/support/running-system.js';
import { tripOfMany } from '../e2e/support/trip.js';

const many = Number(process.env['CLEW_BACKLOG'] ?? 10_000);
/** For as long as the slowest machine takes: a booking in 10 ms. */
const patienceMs = 60_000 + 10 * many;

describe(`a backlog of ${many} bookings`, () => {
  let system: RunningSystem;
  let rush: BookingRush;
  beforeAll(async () => {
    system = await RunningSystem.start();
    rush = new BookingRush(system.gateway().url, 64);
  }, 90_000);
  afterAll(async () => {
    rush?.close();
    await system?.stop();
  }, 60_000);

  async function waitingForHotels(): Promise<number> {
    const connection = await connect(system.servers.amqpUrl);
    const channel = await connection.createChannel();
    const { messageCount } = await channel.checkQueue(`${system.namespace}.${commandQueueOf('hotels')}`);
    await connection.close();
    return messageCount;
  }

  it(
    'is accepted while a participant is away, and worked off when it is back',
    async () => {
      const memory = () => Math.round(residentMegabytesOf(system.app('orchestrator').pid!));
      const megabytes = memory();
      await system.app('hotels').stop();

      let asked = 0;
      const accepted: string[] = [];
      const others: number[] = [];
      const startedAt = performance.now();
      await rush.bookWhile(
        () => (asked < many ? tripOfMany(asked++) : undefined),
        ({ status, body }) => (status === 202 ? accepted.push(body.id) : others.push(status)),
      );
      const seconds = (since: number) => (performance.now() - since) / 1_000;
      const acceptedIn = seconds(startedAt);
      expect(others).toEqual([]);
      const megabytesFull = memory();
      const waiting = await waitingForHotels();

      const backAt = performance.now();
      system.app('hotels').start();
      await system.untilAllEnded(many, patienceMs);
      const endedIn = seconds(backAt);
      process.stdout.write(
        `${many} bookings: accepted in ${acceptedIn.toFixed(1)} s (${Math.round(many / acceptedIn)}/s), ${waiting} messages for ` +
          `the hotels then, all ended ${endedIn.toFixed(1)} s after they were back (${Math.round(many / endedIn)}/s); ` +
          `memory of the gateway ${megabytes} MB before, ${megabytesFull} MB when all were accepted, ${memory()} MB at the end\n`,
      );
      const { completed, compensated } = await audit(system, { accepted });
      process.stdout.write(`${completed.length} completed, ${compensated.length} compensated\n`);
      expect(completed.length + compensated.length).toBe(many);
      expect(megabytesFull - megabytes).toBeLessThan(400);
    },
    4 * patienceMs,
  );
});
