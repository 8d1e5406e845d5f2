import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, statSync } from 'node:fs';
import { childProcessesOf } from './child-processes.js';
import type { DataDirectory, ProcessRole } from './data-directory.js';
import { endProcess, hasGone, killGroup } from './end-process.js';
import type { ProcessIdentity } from './process-identity.js';

export interface PrivateProcessOptions {
  /** Under which the data directory remembers it. */
  readonly name: string;
  readonly role: ProcessRole;
  readonly command: string;
  readonly args: readonly string[];
  readonly spawn: Pick<SpawnOptions, 'env' | 'cwd' | 'uid' | 'gid'>;
  readonly logFile: string;
  /** What ends it cleanly, and how many milliseconds it may take over that. */
  readonly signal: NodeJS.Signals;
  readonly patience: number;
}

const longestLog = 16 * 1024 * 1024;

/**
 * One server process in a session of its own, so that Ctrl-C at the terminal doesn't reach it, writing to a log file
 * and recorded in the data directory from the moment it is spawned.
 */
export class PrivateProcess {
  private readonly listeners: ((what: string) => void)[] = [];
  private child: ChildProcess | undefined;
  private identity: ProcessIdentity | undefined;
  private endIsExpected = false;
  private lastEnd: string | undefined;
  private logStart = 0;

  constructor(
    private readonly directory: DataDirectory,
    private readonly options: PrivateProcessOptions,
  ) {}

  get pid(): number | undefined {
    return this.identity?.pid;
  }

  spawn(): void {
    const { name, role, command, args, logFile, signal } = this.options;
    const log = openSync(logFile, logSize(logFile) > longestLog ? 'w' : 'a');
    this.logStart = logSize(logFile);
    this.endIsExpected = false;
    this.lastEnd = undefined;
    const child = spawn(command, args, {
      ...this.options.spawn,
      detached: true,
      stdio: ['ignore', log, log],
    });
    if (child.pid !== undefined) this.identity = this.directory.recordProcess(name, child.pid, role, signal);
    closeSync(log);
    this.child = child;
    child.once('error', (error) => this.ended(child, `can't be run: ${error.message}`));
    child.once('exit', (code, by) =>
      this.ended(child, by ? `was ended by ${by}` : `ended with exit code ${code}`),
    );
  }

  /** @throws Error with the end of its log if it isn't running any more */
  assertRunning(): void {
    if (this.lastEnd === undefined) return;
    throw new Error(
      `${this.options.name} ${this.lastEnd}. The end of its log, ${this.options.logFile}:\n${this.logTail()}`,
    );
  }

  get hasEnded(): boolean {
    return this.lastEnd !== undefined;
  }

  /** The last lines it wrote in this life. */
  logTail(): string {
    const written = readFileSync(this.options.logFile).subarray(this.logStart).toString('utf8');
    return written.trimEnd().split('\n').slice(-15).join('\n');
  }

  async stop(): Promise<void> {
    this.endIsExpected = true;
    if (!this.identity) return;
    const children = childProcessesOf(this.identity.pid);
    await endProcess(this.identity, { signal: this.options.signal, within: this.options.patience });
    // They end by themselves, but a moment later: Erlang's port starter, for one.
    for (const child of children) await endProcess(child, { within: 2_000 });
    this.directory.forgetProcess(this.options.name);
  }

  async kill9(): Promise<void> {
    this.endIsExpected = true;
    if (!this.identity) return;
    killGroup(this.identity);
    if (!(await hasGone(this.identity, 5_000))) throw new Error(`${this.options.name} survived SIGKILL.`);
  }

  onUnexpectedEnd(listener: (what: string) => void): void {
    this.listeners.push(listener);
  }

  private ended(child: ChildProcess, how: string): void {
    if (child !== this.child) return; // An earlier life.
    this.lastEnd = how;
    if (!this.endIsExpected) for (const listener of this.listeners) listener(how);
  }
}

function logSize(file: string): number {
  return existsSync(file) ? statSync(file).size : 0;
}
