import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, freePorts } from '@clew/testing';
import { peersFolder } from './peers.js';

/** The server doesn't run here: npm has none for this machine, or it ended. */
export class CannotRun extends Error {}

/** A Restate server of one's own, on 127.0.0.1 only. */
export class RestateServer {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    readonly environment: Readonly<Record<string, string>>,
  ) {}

  /** Resolves when it takes calls. @throws CannotRun */
  static async start(): Promise<RestateServer> {
    const folder = mkdtempSync(join(tmpdir(), 'clew-bench-restate-'));
    const [node, ingress, admin] = await freePorts(3);
    const program = join(peersFolder, 'node_modules', '@restatedev', 'restate-server', 'lib', 'index.js');
    let said = '';
    const child = spawn(process.execPath, [program], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        RESTATE_BASE_DIR: folder,
        RESTATE_NODE_NAME: 'bench',
        RESTATE_LISTEN_MODE: 'tcp',
        RESTATE_BIND_IP: '127.0.0.1',
        RESTATE_ADVERTISED_HOST: '127.0.0.1',
        RESTATE_BIND_PORT: String(node),
        RESTATE_INGRESS__BIND_PORT: String(ingress),
        RESTATE_ADMIN__BIND_PORT: String(admin),
        RESTATE_DISABLE_TELEMETRY: 'true',
        RESTATE_LOG_FILTER: 'warn',
      },
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-2_000)));
    const server = new RestateServer(child, folder, {
      PEER_RESTATE_INGRESS_URL: `http://127.0.0.1:${ingress}`,
      PEER_RESTATE_ADMIN_URL: `http://127.0.0.1:${admin}`,
    });
    try {
      await eventually(() => server.answersOrHasEnded(), { within: 60_000, describe: 'Restate' });
      if (server.hasEnded) throw new Error('it has ended');
    } catch (cause) {
      await server.stop();
      throw new CannotRun(`Restate's server doesn't run here: ${said || String(cause)}`, { cause });
    }
    return server;
  }

  get pid(): number {
    return this.child.pid!;
  }

  async stop(): Promise<void> {
    if (this.hasEnded) return this.forget();
    const exit = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exit;
    this.forget();
  }

  private get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  private forget(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** @throws Error while it does neither */
  private async answersOrHasEnded(): Promise<boolean> {
    if (this.hasEnded) return true;
    const { PEER_RESTATE_INGRESS_URL: ingress, PEER_RESTATE_ADMIN_URL: admin } = this.environment;
    for (const url of [`${ingress}/restate/health`, `${admin}/health`]) {
      const response = await fetch(url);
      if (!response.ok) throw new Error(`${url}: ${response.status}`);
    }
    return true;
  }
}
