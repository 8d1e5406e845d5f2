import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { endProcess } from './end-process.js';
import { lockFolder } from './exclusive-lock.js';
import { identify, isRunning, type ProcessIdentity } from './process-identity.js';

/** In which order what was left behind is ended: an app before the servers it talks to, epmd after its node. */
const roles = ['app', 'server', 'epmd'] as const;
export type ProcessRole = (typeof roles)[number];

export interface RecordedProcess extends ProcessIdentity {
  readonly role: ProcessRole;
  /** What ends it cleanly. */
  readonly signal: NodeJS.Signals;
}

interface State {
  /** What a server has to find again at the next start: ports, passwords, names. */
  readonly settings: Record<string, unknown>;
  readonly processes: Record<string, RecordedProcess>;
}

/**
 * The folder where private servers keep what they have (`CLEW_DATA_DIR`), held by one process at a time.
 *
 * Remembers settings and which processes were started, so that after a hard kill the next start finds the same data
 * and ends what still runs. Each change is on disk before the call returns, replaced whole.
 */
export class DataDirectory {
  private state: State;

  private constructor(
    readonly path: string,
    private readonly unlock: () => void,
    orElse: State | undefined,
  ) {
    this.state = readState(this.stateFile, orElse);
  }

  /**
   * @param evenIfDamaged begin with an empty memory when what is there can't be read
   * @throws FolderInUseError when another living process has it open
   */
  static open(path: string, { evenIfDamaged = false } = {}): DataDirectory {
    const absolute = resolve(path);
    return new DataDirectory(absolute, lockFolder(absolute), evenIfDamaged ? nothing : undefined);
  }

  /** What was remembered under this name; undefined if nothing was. */
  recall<T>(name: string): T | undefined {
    return this.state.settings[name] as T | undefined;
  }

  remember(name: string, setting: unknown): void {
    this.write({ ...this.state, settings: { ...this.state.settings, [name]: setting } });
  }

  /** Call it straight after the spawn, in the same tick: what isn't recorded can't be found after a hard kill. */
  recordProcess(
    name: string,
    pid: number,
    role: ProcessRole,
    signal: NodeJS.Signals = 'SIGTERM',
  ): ProcessIdentity {
    const identity = identify(pid) ?? { pid, startedAt: 'ended at once' };
    this.write({
      ...this.state,
      processes: { ...this.state.processes, [name]: { ...identity, role, signal } },
    });
    return identity;
  }

  forgetProcess(name: string): void {
    const { [name]: _forgotten, ...processes } = this.state.processes;
    this.write({ ...this.state, processes });
  }

  /** The recorded processes that run. */
  runningProcesses(): [name: string, process: RecordedProcess][] {
    return Object.entries(this.state.processes).filter(([, process]) => isRunning(process));
  }

  /** Ends cleanly whatever an earlier holder left running. */
  async endOrphans(log: (line: string) => void): Promise<void> {
    const orphans = this.runningProcesses();
    if (orphans.length > 0) {
      log(
        `Ending what an earlier run left behind: ${orphans.map(([name, { pid }]) => `${name} (${pid})`).join(', ')}`,
      );
    }
    for (const role of roles) {
      const ofRole = orphans.filter(([, process]) => process.role === role);
      await Promise.all(ofRole.map(([, process]) => endProcess(process, { signal: process.signal })));
    }
    for (const [name] of orphans) this.forgetProcess(name);
  }

  /** Forgets what was remembered under these names. */
  forget(...names: readonly string[]): void {
    const kept = Object.entries(this.state.settings).filter(([name]) => !names.includes(name));
    this.write({ ...this.state, settings: Object.fromEntries(kept) });
  }

  close(): void {
    this.unlock();
  }

  /** Closes it and deletes all of it. */
  remove(): void {
    rmSync(this.path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  private get stateFile(): string {
    return join(this.path, 'state.json');
  }

  private write(state: State): void {
    this.state = state;
    mkdirSync(this.path, { recursive: true });
    // Passwords are in it, so nobody else may read it.
    const file = openSync(`${this.stateFile}.new`, 'w', 0o600);
    writeFileSync(file, JSON.stringify(state, undefined, 2));
    fsyncSync(file); // Without the passwords in it, the data beside it would be lost.
    closeSync(file);
    renameSync(`${this.stateFile}.new`, this.stateFile);
  }
}

const nothing: State = { settings: {}, processes: {} };

function readState(file: string, orElse: State | undefined): State {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return nothing;
    throw error;
  }
  try {
    return JSON.parse(text) as State;
  } catch (cause) {
    if (orElse) return orElse;
    throw new Error(`${file} is damaged. Restore it, or begin anew with: npm start -- --fresh`, { cause });
  }
}
