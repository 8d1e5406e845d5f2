import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { eventually } from '@clew/testing';
import { audit } from '../e2e/support/audit.js';
import { startKillableServers, type KillableServers } from '../e2e/support/killable-servers.js';
import { it } from '../e2e/support/it-with-logs.js';
import { RunningSystem } from '../e2e/support/running-system.js';
import { tripsOnOneFlight, type Trip } from '../e2e/support/trip.js';

const many = 200;

describe('a server that is killed while 200 bookings are under way', () => {
  let servers: KillableServers;
  let system: RunningSystem;
  beforeAll(async () => {
    servers = await startKillableServers();
    // A command that was lost is asked again soon, and for long enough that no step is given up meanwhile.
    const persistent = {
      CLEW_STEP_TIMEOUT_MS: '2000',
      CLEW_STEP_MAX_TIMEOUT_MS: '3000',
      CLEW_STEP_ATTEMPTS: '40',
      CLEW_COMPENSATION_ATTEMPTS: '40',
    };
    system = await RunningSystem.start({ servers, environment: { orchestrator: persistent } });
  }, 120_000);
  afterAll(async () => {
    try {
      await system?.stop();
    } finally {
      await servers?.stop();
    }
  }, 60_000);

  /** Books one after the other, in ten rows at a time. A gateway that can't must say so properly. */
  async function bookAll(requests: readonly Trip[]): Promise<string[]> {
    const waiting = [...requests];
    const accepted: string[] = [];
    const row = async (): Promise<void> => {
      for (let request = waiting.shift(); request; request = waiting.shift()) {
        const response = await system.gateway().post(request);
        if (response.status === 202) accepted.push(((await response.json()) as { id: string }).id);
        else await expectUnavailable(response);
      }
    };
    await Promise.all(Array.from({ length: 10 }, row));
    return accepted;
  }

  /** The same, to be waited for later; should it fail before, or something else, that is no unhandled rejection. */
  function beginToBookAll(requests: readonly Trip[]): Promise<string[]> {
    const booking = bookAll(requests);
    booking.catch(() => undefined);
    return booking;
  }

  async function expectUnavailable(response: Response): Promise<void> {
    const text = await response.text();
    const contentType = response.headers.get('content-type') ?? '';
    expect({ status: response.status, contentType, text }).toEqual({
      status: 503,
      contentType: expect.stringMatching(/^application\/problem\+json/),
      text: expect.stringMatching(/"type":"urn:clew:problem:unavailable"/),
    });
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  }

  async function countEnded(): Promise<number> {
    const sql = 'SELECT count(ended_at)::int AS ended FROM saga_instance';
    return (await system.databases.rows<{ ended: number }>('orchestrator', sql))[0]!.ended;
  }
  const untilSomeEnded = (count: number): Promise<unknown> =>
    eventually(async () => (await countEnded()) >= count, {
      within: 20_000,
      every: 20,
      describe: `the end of ${count} bookings`,
    });
  const untilAllReady = (): Promise<unknown> =>
    Promise.all(system.processes.map((process) => process.untilReady()));

  it('RabbitMQ: every booking that was accepted ends, and no app has to be restarted', async () => {
    for (const queue of system.queues) await servers.untilQueueIsOnDisk(`${system.namespace}.${queue}`);
    const pids = system.pids();

    const booking = beginToBookAll(tripsOnOneFlight(many));
    await untilSomeEnded(20);
    await servers.rabbitmq.kill9();
    expect(await countEnded()).toBeLessThan(many);
    await servers.rabbitmq.start();
    const accepted = await booking;
    expect(accepted).toHaveLength(many); // The gateway needs no broker to accept them.

    await system.untilAllEnded(many, 60_000);
    await untilAllReady();
    expect(system.pids()).toEqual(pids);
    const { completed, compensated } = await audit(system, { accepted });
    expect([completed.length, compensated.length]).toEqual([180, 20]);
  }, 120_000);

  it('PostgreSQL: every booking that was accepted ends, others are refused in order', async () => {
    const before = await system.databases.count('orchestrator', 'saga_instance');
    const pids = system.pids();

    const flight = { flightNumber: 'CL102' };
    const booking = beginToBookAll(
      tripsOnOneFlight(many, { flight, hotel: { checkIn: '2027-07-01', checkOut: '2027-07-02' } }),
    );
    await untilSomeEnded(before + 20);
    await servers.postgres.kill9();
    for (const path of ['/bookings', '/bookings/0192f0c1-2b3c-7d4e-8f90-123456789abc'])
      await expectUnavailable(await system.gateway().get(path));
    expect((await system.gateway().get('/health/ready')).status).toBe(503);
    expect((await system.gateway().get('/health/live')).status).toBe(200);
    await servers.postgres.start();
    const accepted = await booking;

    await system.untilAllEnded(before + accepted.length, 60_000);
    await untilAllReady();
    expect(system.pids()).toEqual(pids);
    await audit(system, { accepted });
  }, 120_000);
});
