import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, closeSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer, connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { connect } from 'amqplib';

const programs = '/usr/lib/rabbitmq/bin';
const firstPort = 42_000;
const lastPort = 42_999;

/**
 * A RabbitMQ node of this spec's own, on 127.0.0.1, with its own ports, cookie, epmd and data, all below one temporary
 * folder. `stop()` leaves no process and no file.
 */
export class PrivateBroker {
  readonly url: string;
  readonly folder = mkdtempSync(join(tmpdir(), 'clew-rabbitmq-spec-'));
  readonly #ports: { amqp: number; distribution: number; epmd: number };
  #epmd: ChildProcess | undefined;
  #node: ChildProcess | undefined;
  /** A run that ends badly must not leave them behind either. */
  readonly #onExit = () => {
    for (const child of [this.#node, this.#epmd]) if (isRunning(child)) process.kill(-child.pid, 'SIGKILL');
  };

  private constructor(ports: number[]) {
    this.#ports = { amqp: ports[0]!, distribution: ports[1]!, epmd: ports[2]! };
    this.url = `amqp://guest:guest@127.0.0.1:${this.#ports.amqp}`;
    mkdirSync(join(this.folder, 'log'));
    process.once('exit', this.#onExit);
  }

  /** Starts a node and resolves when it takes AMQP connections (several seconds). */
  static async start(): Promise<PrivateBroker> {
    const broker = new PrivateBroker(await freePorts(3));
    try {
      await broker.#startEpmd();
      await broker.restart();
      return broker;
    } catch (error) {
      await broker.stop();
      throw error;
    }
  }

  get nodePid(): number | undefined {
    return this.#node?.pid;
  }

  /** Ends the node with SIGKILL and resolves when it is gone. Its data stays. */
  async kill9(): Promise<void> {
    await end(this.#node);
  }

  /** Starts the node on the data that is there; one that still runs is killed first. */
  async restart(): Promise<void> {
    await this.kill9();
    this.#node = this.#spawn('node', `${programs}/rabbitmq-server`, []);
    await answers(async () => {
      if (this.#node!.exitCode !== null)
        throw new Error(`The broker ended:\n${this.#log()}`, { cause: 'ended' });
      await (await connect(this.url)).close();
    }, 90_000);
  }

  /** Runs rabbitmqctl against the node (a second or two). */
  async control(...args: string[]): Promise<void> {
    await promisify(execFile)(`${programs}/rabbitmqctl`, args, {
      env: this.#environment(),
      cwd: this.folder,
    });
  }

  /** Kills node and epmd and removes all their files. */
  async stop(): Promise<void> {
    await end(this.#node);
    await end(this.#epmd);
    process.off('exit', this.#onExit);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  /**
   * Resolves when the node has written to disk that it has this quorum queue (of vhost /), about a second after it was
   * declared. Killed before that, RabbitMQ 3.10 forgets the queue, and with it messages that it had confirmed.
   */
  async quorumQueueIsOnDisk(queue: string): Promise<void> {
    const data = join(this.folder, 'data');
    const name = `%2F_${queue}`;
    const term = Buffer.from(`${String.fromCharCode(name.length)}${name}`); // As Erlang writes an atom.
    await answers(async () => {
      const registers = readdirSync(data, { recursive: true, encoding: 'utf8' }).filter((file) =>
        file.endsWith('names.dets'),
      );
      if (!registers.some((file) => readFileSync(join(data, file)).includes(term)))
        throw new Error(`The broker has not written down the queue ${queue}.`);
    }, 15_000);
  }

  async #startEpmd(): Promise<void> {
    this.#epmd = this.#spawn('epmd', 'epmd', ['-address', '127.0.0.1', '-port', String(this.#ports.epmd)]);
    await answers(
      () =>
        new Promise<void>((resolve, reject) => {
          const socket = connectSocket(this.#ports.epmd, '127.0.0.1', () => resolve(void socket.destroy()));
          socket.once('error', reject);
        }),
      10_000,
    );
  }

  #spawn(name: string, command: string, args: string[]): ChildProcess {
    const log = openSync(join(this.folder, 'log', `${name}.out`), 'a');
    const child = spawn(command, args, {
      cwd: this.folder,
      detached: true,
      stdio: ['ignore', log, log],
      env: this.#environment(),
    });
    child.on('error', () => {}); // `answers` reports that nothing came up.
    closeSync(log);
    return child;
  }

  #environment(): NodeJS.ProcessEnv {
    return {
      PATH: process.env['PATH'],
      LANG: 'C.UTF-8',
      HOME: this.folder,
      ERL_EPMD_ADDRESS: '127.0.0.1',
      ERL_EPMD_PORT: String(this.#ports.epmd),
      RABBITMQ_NODENAME: `clew-spec-${this.#ports.amqp}@localhost`,
      RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
      RABBITMQ_NODE_PORT: String(this.#ports.amqp),
      RABBITMQ_DIST_PORT: String(this.#ports.distribution),
      RABBITMQ_MNESIA_BASE: join(this.folder, 'data'),
      RABBITMQ_LOG_BASE: join(this.folder, 'log'),
      RABBITMQ_ENABLED_PLUGINS_FILE: join(this.folder, 'enabled_plugins'),
      RABBITMQ_CONFIG_FILE: join(this.folder, 'rabbitmq.conf'),
      RABBITMQ_CONF_ENV_FILE: '/dev/null',
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS:
        '-kernel inet_dist_use_interface {127,0,0,1} -start_epmd false +sbwt none +sbwtdcpu none +sbwtdio none',
      detached: 'true', // The script becomes the node, so that the process we know is the node.
    };
  }

  #log(): string {
    return readFileSync(join(this.folder, 'log', 'node.out'), 'utf8').slice(-2_000);
  }
}

function isRunning(child: ChildProcess | undefined): child is ChildProcess & { pid: number } {
  return child?.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

async function end(child: ChildProcess | undefined): Promise<void> {
  if (!isRunning(child)) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  process.kill(-child.pid, 'SIGKILL');
  await gone;
}

async function answers(probe: () => Promise<void>, within: number): Promise<void> {
  const deadline = Date.now() + within;
  for (;;) {
    try {
      return await probe();
    } catch (error) {
      if (Date.now() > deadline || (error as Error).cause === 'ended') throw error;
    }
    await delay(100);
  }
}

async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  for (let tries = 0; found.size < count; tries += 1) {
    if (tries > 2_000) throw new Error(`No ${count} free ports between ${firstPort} and ${lastPort}.`);
    const port = firstPort + Math.floor(Math.random() * (lastPort - firstPort + 1));
    if (await isFree(port)) found.add(port);
  }
  return [...found];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
