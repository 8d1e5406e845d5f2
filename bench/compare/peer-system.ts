import { processorSecondsOfTree } from '../measure/process-tree.js';
import type { Servers } from '../system/servers.js';
import { PeerDatabase } from './peer-databases.js';
import { PeerProcess, type PeerLoad, type PeerLoaded } from './peer-process.js';
import type { Peer } from './peers.js';
import { RestateServer } from './restate-server.js';

/** A peer that runs: its processes, with a database, queues and if need be a Restate that nobody else uses. */
export class PeerSystem {
  private readonly processes: PeerProcess[] = [];

  private constructor(
    readonly peer: Peer,
    private readonly servers: Servers,
    readonly database: PeerDatabase,
    private readonly restate: RestateServer | undefined,
  ) {}

  /**
   * @param queues of what kind its queues are instead of those that are best for it; empty for these
   * @throws CannotRun when it needs a server that doesn't run here
   */
  static async start(peer: Peer, servers: Servers, queues: string): Promise<PeerSystem> {
    const restate = peer.needsRestate && (await RestateServer.start());
    const system = new PeerSystem(peer, servers, await PeerDatabase.create(peer, servers), restate);
    const environment = {
      PEER_NAME: system.database.name,
      PEER_DATABASE_URL: system.database.url,
      PEER_AMQP_URL: servers.amqpUrl,
      PEER_QUEUE_TYPE: queues || peer.queues,
      ...restate?.environment,
    };
    try {
      for (const name of Object.keys(peer.processes))
        system.processes.push(await PeerProcess.start(peer, name, environment));
      return system;
    } catch (error) {
      await system.stop().catch(() => undefined); // What failed first is what counts.
      throw error;
    }
  }

  /** Resolves when every saga of the load has ended. */
  load(load: PeerLoad): Promise<PeerLoaded> {
    return this.processes.at(-1)!.load(load);
  }

  /** What its processes have taken so far, and the servers that it needs. */
  processorSeconds(): Record<string, number> {
    const { pids } = this.servers;
    return {
      ...Object.fromEntries(this.processes.map(({ name, pid }) => [name, processorSecondsOfTree(pid)])),
      ...(pids.PostgreSQL && { PostgreSQL: processorSecondsOfTree(pids.PostgreSQL) }),
      ...(this.peer.queues && pids.RabbitMQ && { RabbitMQ: processorSecondsOfTree(pids.RabbitMQ) }),
      ...(this.restate && { Restate: processorSecondsOfTree(this.restate.pid) }),
    };
  }

  async stop(): Promise<void> {
    for (const started of this.processes) await started.stop();
    await this.database.drop();
    await this.restate?.stop();
  }
}
