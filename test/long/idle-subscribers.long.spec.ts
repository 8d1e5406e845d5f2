import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { eventually } from '@clew/testing';
import { it } from '../e2e/support/it-with-logs.js';
import { startKillableServers, type KillableServers } from '../e2e/support/killable-servers.js';
import { processorSecondsOf, residentMegabytesOf } from '../e2e/support/process-usage.js';
import { RunningSystem } from '../e2e/support/running-system.js';
import { tripsOnOneFlight } from '../e2e/support/trip.js';

const many = 10_000;
const bookings = 100;
/** How long nothing happens while processor time is measured. */
const quietMs = 20_000;

/** As little of a subscriber as can be: it knows how many heartbeats have come, and whether the end has. */
class IdleSubscriber {
  heartbeats = 0;
  isConnected = false;
  isAtEnd = false;
  isGone = false;
  private readonly socket: Socket;

  constructor(url: string, path: string) {
    const { hostname, port, host } = new URL(url);
    this.socket = connect(Number(port), hostname, () =>
      this.socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`),
    );
    this.socket.setEncoding('latin1');
    this.socket.on('data', (text: string) => this.hear(text));
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => (this.isGone = true));
  }

  close(): void {
    this.socket.destroy();
  }

  private hear(text: string): void {
    if (text.includes('retry: ')) this.isConnected = true;
    if (text.includes(': still here')) this.heartbeats += 1;
    if (text.includes('event: end')) this.isAtEnd = true;
  }
}

describe('ten thousand who wait for bookings that wait themselves', () => {
  let servers: KillableServers;
  let system: RunningSystem;
  const subscribers: IdleSubscriber[] = [];
  beforeAll(async () => {
    servers = await startKillableServers();
    // Nothing is to happen until the hotels are back, no deadline either.
    const patient = { CLEW_STEP_TIMEOUT_MS: '600000', CLEW_STEP_MAX_TIMEOUT_MS: '600000' };
    system = await RunningSystem.start({
      servers,
      environment: { orchestrator: { ...patient, CLEW_MAX_CONNECTIONS: String(many + 100) } },
    });
  }, 120_000);
  afterAll(async () => {
    for (const subscriber of subscribers) subscriber.close();
    try {
      await system?.stop();
    } finally {
      await servers?.stop();
    }
  }, 60_000);

  /** Processor time of gateway and PostgreSQL, as shares of one core, while nothing happens. */
  async function idleShares(): Promise<{ gateway: number; postgres: number }> {
    const [gateway, postgres] = [system.app('orchestrator').pid!, servers.postgresPid()];
    const seconds = () => [processorSecondsOf(gateway), processorSecondsOf(postgres)] as const;
    const [gatewayBefore, postgresBefore] = seconds();
    const startedAt = performance.now();
    await new Promise((resolve) => setTimeout(resolve, quietMs)); // What is measured is that time itself.
    const passed = (performance.now() - startedAt) / 1_000;
    const [gatewayAfter, postgresAfter] = seconds();
    return {
      gateway: (gatewayAfter - gatewayBefore) / passed,
      postgres: (postgresAfter - postgresBefore) / passed,
    };
  }

  it('cost little, are told that somebody is there, and hear of the end', async () => {
    const pid = system.app('orchestrator').pid!;
    await system.app('hotels').stop();
    const ids = await Promise.all(
      tripsOnOneFlight(bookings).map(async (trip) => (await system.gateway().book(trip)).id),
    );
    await eventually(
      async () =>
        (await system.databases.rows('orchestrator', 'SELECT FROM saga_instance WHERE revision < 3'))
          .length === 0,
      { describe: 'flights and cars' },
    );
    const without = await idleShares();
    const megabytesWithout = residentMegabytesOf(pid);

    for (let n = 0; n < many; n++) {
      const path = `/bookings/${ids[n % bookings]}/events`;
      subscribers.push(new IdleSubscriber(system.gateway().url, path));
      // The kernel keeps only so many who knock at the same time.
      if (n % 200 === 199)
        await eventually(() => subscribers.every(({ isConnected }) => isConnected), {
          within: 20_000,
          every: 5,
          describe: `the streams of ${n + 1} subscribers`,
        });
    }
    const subscribedAt = performance.now();
    const megabytes = residentMegabytesOf(pid) - megabytesWithout;
    await eventually(() => subscribers.every(({ heartbeats }) => heartbeats > 0), {
      within: 16_000,
      describe: 'a heartbeat for everybody',
    });
    const heartbeatMs = performance.now() - subscribedAt;
    const withThem = await idleShares();
    process.stdout.write(
      `${many} subscribers: ${((megabytes * 1_024) / many).toFixed(1)} KB each, heartbeats within ` +
        `${Math.round(heartbeatMs)} ms; processor time of gateway and PostgreSQL ${shown(withThem)}, without them ${shown(without)}\n`,
    );
    expect((megabytes * 1_024) / many).toBeLessThan(50);
    // Far more than it is, and far less than if nothing happening cost something: the machine has others, too.
    expect(withThem.gateway - without.gateway).toBeLessThan(0.25);
    expect(withThem.postgres - without.postgres).toBeLessThan(0.25);
    expect(subscribers.filter(({ isGone, isAtEnd }) => isGone || isAtEnd)).toEqual([]);

    system.app('hotels').start();
    await eventually(() => subscribers.every(({ isAtEnd }) => isAtEnd), {
      within: 60_000,
      describe: 'the end for everybody',
    });
  }, 180_000);
});

function shown({ gateway, postgres }: { gateway: number; postgres: number }): string {
  return [gateway, postgres].map((share) => `${(100 * share).toFixed(1)} %`).join(' and ');
}
