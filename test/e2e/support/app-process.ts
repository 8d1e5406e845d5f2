import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { eventually, repositoryRoot } from '@clew/testing';
import { NODE_ARGUMENTS } from '../../../scripts/start/node-arguments.js';

const run = promisify(execFile);

/** Of the trip. */
export const participantNames = ['flights', 'hotels', 'cars'] as const;
export type ParticipantName = (typeof participantNames)[number];
export const shopParticipantNames = ['shop-stock', 'shop-payments', 'shop-delivery'] as const;
export type ShopParticipantName = (typeof shopParticipantNames)[number];
export type AppName = 'orchestrator' | ParticipantName | ShopParticipantName;

/** The apps that a spec needs: those of the trip, or those of the shop. */
export const tripApps: readonly AppName[] = ['orchestrator', ...participantNames];
export const shopApps: readonly AppName[] = ['orchestrator', ...shopParticipantNames];

export type Environment = Readonly<Record<string, string>>;

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Everything has to be gone within this many milliseconds of SIGTERM. */
const patienceWithStop = 15_000;
const patienceWithStart = 60_000;

/** Nobody listens to the promise, nobody caught the error, or ever more listen: a bug wherever it is. */
const unhandled = /unhandled\s*(promise\s*)?rejection|uncaught\s*exception|MaxListenersExceeded/i;

/** Some forty lines of Nest's at every start. */
const boringNest = /LOG \[(InstanceLoader|RouterExplorer|RoutesResolver|NestFactory)\]/;

/**
 * One app as it runs in production: a node process of its own, from `dist`, in a process group of its own. It may live
 * several times, on the same port; its log is kept over all its lives.
 */
export class AppProcess {
  readonly url: string;
  readonly log: string[] = [];
  private readonly faults: string[] = [];
  private child: ChildProcess | undefined;
  private ending: Promise<Ending> | undefined;
  private endIsExpected = false;

  constructor(
    readonly name: AppName,
    private readonly port: number,
    private readonly environment: Environment,
  ) {
    this.url = `http://127.0.0.1:${port}`;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Begins a life; `more` holds for this one only. Resolves before the app is ready. */
  start(more: Environment = {}): void {
    if (this.isRunning) throw new Error(`${this.name} runs already, as process ${this.pid}.`);
    const main = join(repositoryRoot(), 'dist', 'apps', this.name, 'src', 'main.js');
    const { CLEW_FAILPOINT: _unarmed, ...inherited } = process.env;
    const child = spawn(process.execPath, [...NODE_ARGUMENTS, main], {
      env: { ...inherited, ...this.environment, PORT: String(this.port), ...more },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    this.endIsExpected = false;
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => {
        if (!boringNest.test(line)) this.log.push(line);
      });
    this.ending = new Promise((resolve) => {
      child.once('error', (error) => this.faults.push(`${this.name} can't be run: ${error.message}`));
      // Not `exit`: by `close` the last words have been read.
      child.once('close', (code, signal) => {
        this.log.push(`-- process ${child.pid} ended: ${signal ?? `exit code ${code}`}`);
        if (!this.endIsExpected)
          this.faults.push(`${this.name} ended by itself: ${signal ?? `exit code ${code}`}`);
        resolve({ code, signal });
      });
    });
  }

  /** @throws Error if the process ends instead, or after a minute */
  async untilReady(): Promise<void> {
    const state = await eventually(
      async () => {
        if (!this.isRunning) return 'ended';
        const response = await fetch(`${this.url}/health/ready`);
        if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
        return 'ready';
      },
      { within: patienceWithStart, every: 50, describe: `${this.name} on port ${this.port} to be ready` },
    );
    if (state === 'ended') throw new Error(`${this.name} ended before it was ready.`);
  }

  /** Waits for an end that was provoked, by a failpoint for example. It no longer counts as a fault. */
  async untilDead(within = 20_000): Promise<Ending> {
    this.endIsExpected = true;
    await eventually(() => !this.isRunning, { within, describe: `the end of ${this.name}` });
    return this.ending!;
  }

  /** SIGKILL for the whole group, as in a crash. */
  async kill9(): Promise<void> {
    this.endIsExpected = true;
    this.signal('SIGKILL');
    await this.ending;
  }

  /** The process stands still: it keeps its connections and answers nobody. */
  suspend(): void {
    this.signal('SIGSTOP');
  }

  /** Waits until the process stands still: suspended, or at a failpoint that stops it. */
  async untilSuspended(within = 20_000): Promise<void> {
    const isSuspended = async () => {
      const { stdout } = await run('ps', ['-o', 'stat=', '-p', String(this.pid)]);
      return stdout.startsWith('T');
    };
    await eventually(isSuspended, { within, describe: `${this.name} to stand still` });
  }

  resume(): void {
    this.signal('SIGCONT');
  }

  /** SIGTERM. An end that isn't clean and in time is a fault. */
  async stop(): Promise<void> {
    if (!this.isRunning) return;
    this.endIsExpected = true;
    const startedAt = performance.now();
    this.resume(); // A test that failed may have left it suspended.
    this.signal('SIGTERM');
    const tooLong = setTimeout(() => this.signal('SIGKILL'), patienceWithStop);
    const { code, signal } = await this.ending!;
    clearTimeout(tooLong);
    if (code !== 0) {
      const milliseconds = Math.round(performance.now() - startedAt);
      this.faults.push(
        `${this.name} ended with ${signal ?? `exit code ${code}`} ${milliseconds} ms after SIGTERM`,
      );
    }
    if (this.groupIsLeft()) this.faults.push(`${this.name} left processes of group ${this.pid} behind`);
  }

  /** Ends whatever is left, without any question. */
  async destroy(): Promise<void> {
    if (this.isRunning) await this.kill9();
    if (this.groupIsLeft()) process.kill(-this.pid!, 'SIGKILL');
  }

  /** What must never happen in any life, and did. */
  problems(): string[] {
    const unhandledLines = this.log.filter((line) => unhandled.test(line));
    return [...this.faults, ...unhandledLines.map((line) => `${this.name} wrote: ${line}`)];
  }

  get isRunning(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  private signal(signal: NodeJS.Signals): void {
    if (this.isRunning) process.kill(-this.pid!, signal);
  }

  private groupIsLeft(): boolean {
    if (this.pid === undefined) return false;
    try {
      process.kill(-this.pid, 0);
      return true;
    } catch {
      return false;
    }
  }
}
