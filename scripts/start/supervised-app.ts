import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { endProcess, type DataDirectory, type ProcessIdentity } from '@clew/testing';
import { Backoff } from './backoff.js';
import { NODE_ARGUMENTS } from './node-arguments.js';

export interface SupervisedAppOptions {
  readonly name: string;
  /** The compiled file that node runs. */
  readonly main: string;
  readonly port: number;
  readonly env: NodeJS.ProcessEnv;
  readonly directory: DataDirectory;
  /** A line about the app. */
  readonly print: (line: string) => void;
  /** A line that the app wrote. */
  readonly printOutput: (line: string) => void;
}

/** An app as a process in a group of its own, started again with backoff whenever it ends, until it is stopped. */
export class SupervisedApp {
  private readonly backoff = new Backoff();
  private readonly stopping = new AbortController();
  private identity: ProcessIdentity | undefined;
  private lastAnswer = 'no answer';
  private hasBeenReady = false;
  private failedStarts = 0;

  constructor(private readonly options: SupervisedAppOptions) {}

  get name(): string {
    return this.options.name;
  }

  get port(): number {
    return this.options.port;
  }

  start(): void {
    const { name, main, env, directory, printOutput } = this.options;
    const startedAt = performance.now();
    const child = spawn(process.execPath, [...NODE_ARGUMENTS, main], {
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (child.pid !== undefined) this.identity = directory.recordProcess(`app ${name}`, child.pid, 'app');
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', printOutput);
    this.startAgainWhenItEnds(child, startedAt);
  }

  /**
   * Resolves once the app says that it is ready.
   *
   * @param within milliseconds
   * @throws Error with its last answer, or when it has given itself up three times without having been ready once
   */
  async untilReady(within: number): Promise<void> {
    const giveUpAt = Date.now() + within;
    while (!(await this.isReady())) {
      if (this.isHopeless()) {
        throw new Error(
          `${this.name} ended ${this.failedStarts} times without getting ready. It says why above.`,
        );
      }
      if (Date.now() >= giveUpAt) {
        throw new Error(
          `${this.name} isn't ready after ${within / 1000} s. Its last answer: ${this.lastAnswer}`,
        );
      }
      await delay(100, undefined, { signal: this.stopping.signal });
    }
    this.hasBeenReady = true;
  }

  /** SIGTERM, and SIGKILL after ten seconds. It isn't started again. */
  async stop(): Promise<void> {
    this.stopping.abort();
    if (!this.identity) return;
    const endedItself = await endProcess(this.identity, { within: 10_000 });
    if (!endedItself) this.options.print(`${this.name} didn't end within 10 s of SIGTERM and was killed`);
    this.options.directory.forgetProcess(`app ${this.name}`);
  }

  private startAgainWhenItEnds(child: ChildProcess, startedAt: number): void {
    let isOver = false;
    const ended = (how: string, byItself: boolean) => {
      if (isOver || this.stopping.signal.aborted) return;
      isOver = true; // A spawn that fails reports both an error and an end.
      if (byItself && !this.hasBeenReady) this.failedStarts += 1;
      if (this.isHopeless()) {
        this.options.print(`${this.name} ${how}`);
        return;
      }
      const wait = this.backoff.delayAfter(performance.now() - startedAt);
      this.options.print(`${this.name} ${how}; starting it again in ${wait / 1000} s`);
      void this.startAgain(wait);
    };
    child.once('error', (error) => ended(`can't be run (${error.message})`, true));
    child.once('exit', (code, signal) =>
      ended(signal ? `was ended by ${signal}` : `ended with exit code ${code}`, signal === null),
    );
  }

  /** A wrong setting doesn't mend itself; an app that has been well once gets any number of chances. */
  private isHopeless(): boolean {
    return !this.hasBeenReady && this.failedStarts >= 3;
  }

  private async startAgain(wait: number): Promise<void> {
    try {
      await delay(wait, undefined, { signal: this.stopping.signal });
      if (!this.hasBeenReady) return this.start(); // Whoever waits for the first time waits on.
      const startedAt = performance.now();
      this.start();
      const life = this.identity;
      await this.untilReady(120_000);
      if (life === this.identity) this.options.print(`${this.name} is ready again (${seconds(startedAt)})`);
    } catch (error) {
      if (!this.stopping.signal.aborted) this.options.print((error as Error).message);
    }
  }

  private async isReady(): Promise<boolean> {
    try {
      const response = await fetch(`http://127.0.0.1:${this.options.port}/health/ready`, {
        signal: AbortSignal.timeout(2_000),
      });
      this.lastAnswer = `${response.status} ${(await response.text()).slice(0, 500)}`;
      return response.status === 200;
    } catch (error) {
      const { message, cause } = error as Error;
      this.lastAnswer = cause instanceof Error ? cause.message : message;
      return false;
    }
  }
}

/** How long ago that was, for people. */
export function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
