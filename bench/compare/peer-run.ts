import { setTimeout as delay } from 'node:timers/promises';
import { percentilesOf } from '../measure/distribution.js';
import { LOAD_GENERATOR } from '../measure/usage.js';
import type { Mode } from '../options.js';
import type { Servers } from '../system/servers.js';
import type { Compared } from './compared.js';
import type { PeerDatabase } from './peer-databases.js';
import type { PeerLoad } from './peer-process.js';
import { PeerSystem } from './peer-system.js';
import type { Peer } from './peers.js';

export interface PeerOptions {
  readonly modes: readonly Mode[];
  readonly queues: string;
  /** How many bookings there are in a closed loop, as a share of what the peer would have. */
  readonly scale: number;
  /** The same of what is booked before anything is counted. */
  readonly warmUp: number;
  /** Of an open loop: bookings a second, and for how many seconds. */
  readonly rate: number;
  readonly seconds: number;
}

/** One round of a peer: started, warmed up, measured in each mode, its books checked, stopped. */
export async function runPeer(
  peer: Peer,
  servers: Servers,
  { modes, queues, scale, warmUp, rate, seconds }: PeerOptions,
): Promise<Map<Mode, Compared>> {
  const system = await PeerSystem.start(peer, servers, queues);
  try {
    const books = new Books(system.database);
    const count = Math.max(10 * peer.inFlight, Math.round(peer.bookings * scale));
    const { inFlight } = peer;
    const first = Math.max(300, Math.round(peer.bookings * warmUp));
    await system.load(books.expect(first, { inFlight, undone: true }));
    const measured = new Map<Mode, Compared>();
    for (const mode of modes) {
      const load =
        mode === 'open'
          ? books.expect(rate * seconds, { inFlight, undone: false, perSecond: rate })
          : books.expect(count, { inFlight, undone: mode === 'undone' });
      measured.set(mode, await measure(system, load));
      await books.check();
    }
    return measured;
  } finally {
    await system.stop();
  }
}

async function measure(system: PeerSystem, load: PeerLoad): Promise<Compared> {
  const { database } = system;
  await database.settle();
  await delay(1_500);
  const meters = await database.meters();
  const before = system.processorSeconds();
  const { seconds, latencies } = await system.load(load);
  const after = system.processorSeconds();
  // PostgreSQL's processes tell what they did a second later at the earliest.
  await delay(1_500);
  const metersAfter = await database.meters();
  const cpuMs = Object.fromEntries(
    Object.entries(after).map(([who, taken]) => [who, ((taken - before[who]!) * 1_000) / load.count]),
  );
  return {
    sagasPerSecond: load.count / seconds,
    cpuMsInAll: Object.entries(cpuMs).reduce(
      (sum, [who, ms]) => (who === LOAD_GENERATOR ? sum : sum + ms),
      0,
    ),
    cpuMs,
    ended: percentilesOf(latencies),
    commits: (metersAfter.commits - meters.commits) / load.count,
    walBytes: (metersAfter.walBytes - meters.walBytes) / load.count,
  };
}

/** What a peer was asked for in all, against what it has. */
class Books {
  private completed = 0;
  private undone = 0;

  constructor(private readonly database: PeerDatabase) {}

  expect(count: number, how: Omit<PeerLoad, 'first' | 'count'>): PeerLoad {
    const first = this.completed + this.undone;
    const failing = how.undone ? Math.ceil(count / 5) : 0;
    this.undone += failing;
    this.completed += count - failing;
    return { first, count, ...how };
  }

  /** @throws Error when a saga is lost or half done */
  async check(): Promise<void> {
    const found = await this.database.books();
    const expected = {
      ended: this.completed + this.undone,
      reserved: 3 * this.completed,
      cancelled: 2 * this.undone,
    };
    for (const [what, count] of Object.entries(expected))
      if (found[what as keyof typeof found] !== count)
        throw new Error(
          `The books don't add up: ${JSON.stringify(found)}, and not ${JSON.stringify(expected)}`,
        );
  }
}
