import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { peersFolder, type Peer } from './peers.js';

/** What the process that takes bookings is told to do, and what it made of it. */
export interface PeerLoad {
  /** The number of the first trip: no two loads are for the same ones. */
  readonly first: number;
  readonly count: number;
  readonly inFlight: number;
  /** Every fifth trip asks for what can't be had. */
  readonly undone: boolean;
  /** Begun at this rate, instead of so many being under way at a time. */
  readonly perSecond?: number;
}
export interface PeerLoaded {
  readonly seconds: number;
  readonly latencies: readonly number[];
}

type Word = { readonly ready: true } | { readonly loaded: PeerLoaded } | { readonly failed: string };

/** One process of a peer. */
export class PeerProcess {
  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
  ) {}

  /** @throws Error if it ends before it is ready */
  static async start(peer: Peer, name: string, environment: NodeJS.ProcessEnv): Promise<PeerProcess> {
    const [program, ...args] = peer.processes[name]!;
    const child = fork(join(peersFolder, peer.folder, program), args, {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const started = new PeerProcess(name, child);
    await started.word();
    return started;
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** @throws Error with its own, when it can't do it */
  async load(load: PeerLoad): Promise<PeerLoaded> {
    const word = this.word();
    this.child.send(load);
    const said = await word;
    if ('loaded' in said) return said.loaded;
    throw new Error(`${this.name}: ${JSON.stringify(said)}`);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = once(this.child, 'exit');
    this.child.disconnect();
    await exit;
  }

  private word(): Promise<Word> {
    return new Promise((resolve, reject) => {
      const ended = (code: number | null) => reject(new Error(`${this.name} ended with exit code ${code}`));
      this.child.once('exit', ended);
      this.child.once('message', (word: Word) => {
        this.child.off('exit', ended);
        resolve(word);
      });
    });
  }
}
