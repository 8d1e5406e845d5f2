import { setTimeout as delay } from 'node:timers/promises';
import { percentilesOf } from '../measure/distribution.js';
import { processorSecondsOfTree } from '../measure/process-tree.js';
import type { Mode } from '../options.js';
import type { Servers } from '../system/servers.js';
import { PeerDatabase } from './peer-databases.js';
import { PeerProcess, type PeerLoad } from './peer-process.js';
import type { Peer } from './peers.js';
import type { Compared } from './compared.js';

export interface PeerOptions {
  readonly modes: readonly Mode[];
  /** Of what kind its queues are instead of those that are best for it; empty for these. */
  readonly queues: string;
  /** How many bookings there are in a run, as a share of what the peer would have. */
  readonly scale: number;
}

/** One round of a peer: started, warmed up, measured in each mode, its books checked, stopped. */
export async function runPeer(
  peer: Peer,
  servers: Servers,
  { modes, queues, scale }: PeerOptions,
): Promise<Map<Mode, Compared>> {
  const database = await PeerDatabase.create(peer, servers);
  const processes: PeerProcess[] = [];
  try {
    for (const name of Object.keys(peer.processes))
      processes.push(
        await PeerProcess.start(peer, name, {
          PEER_NAME: database.name,
          PEER_DATABASE_URL: database.url,
          PEER_AMQP_URL: servers.amqpUrl,
          PEER_QUEUE_TYPE: queues || peer.queues,
        }),
      );
    const count = Math.max(10 * peer.inFlight, Math.round(peer.bookings * scale));
    const books = new Books(database);
    const load = async (bookings: number, undone: boolean) => {
      const wanted = books.expect(bookings, peer.inFlight, undone);
      return processes.at(-1)!.load(wanted);
    };
    await load(Math.max(300, Math.round(count / 5)), true);

    const measured = new Map<Mode, Compared>();
    for (const mode of modes) {
      await database.settle();
      await delay(1_500);
      const meters = await database.meters();
      const before = processorSeconds(processes, servers, peer);
      const { seconds, latencies } = await load(count, mode === 'undone');
      const after = processorSeconds(processes, servers, peer);
      await delay(1_500);
      const metersAfter = await database.meters();
      await books.check();
      const cpuMs = Object.fromEntries(
        Object.entries(after).map(([who, taken]) => [who, ((taken - before[who]!) * 1_000) / count]),
      );
      measured.set(mode, {
        sagasPerSecond: count / seconds,
        cpuMsInAll: Object.values(cpuMs).reduce((sum, ms) => sum + ms, 0),
        cpuMs,
        ended: percentilesOf(latencies),
        commits: (metersAfter.commits - meters.commits) / count,
        walBytes: (metersAfter.walBytes - meters.walBytes) / count,
      });
    }
    return measured;
  } finally {
    for (const started of processes) await started.stop();
    await database.drop();
  }
}

/** Of its processes, and of the servers that it needs. */
function processorSeconds(
  processes: readonly PeerProcess[],
  { pids }: Servers,
  peer: Peer,
): Record<string, number> {
  return {
    ...Object.fromEntries(processes.map(({ name, pid }) => [name, processorSecondsOfTree(pid)])),
    ...(pids.PostgreSQL && { PostgreSQL: processorSecondsOfTree(pids.PostgreSQL) }),
    ...(peer.queues && pids.RabbitMQ && { RabbitMQ: processorSecondsOfTree(pids.RabbitMQ) }),
  };
}

/** What a peer was asked for in all, against what it has. */
class Books {
  private completed = 0;
  private undone = 0;

  constructor(private readonly database: PeerDatabase) {}

  expect(count: number, inFlight: number, undone: boolean): PeerLoad {
    const first = this.completed + this.undone;
    const failing = undone ? Math.ceil(count / 5) : 0;
    this.undone += failing;
    this.completed += count - failing;
    return { first, count, inFlight, undone };
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
