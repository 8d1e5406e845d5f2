import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { commandQueueOf, factQueueOf, journalQueueOf, ownerQueueOf, replyQueueOf } from '@clew/envelope';
import { deleteTopology } from '@clew/rabbitmq';
import { eventually, freePorts, repositoryRoot } from '@clew/testing';
import { AppProcess, shopParticipantNames, tripApps, type AppName, type Environment } from './app-process.js';
import { Databases } from './databases.js';
import { Gateway } from './gateway.js';

const run = promisify(execFile);

export interface ServerUrls {
  readonly databaseUrl: string;
  readonly amqpUrl: string;
}

export interface SystemOptions {
  /** Which apps there are; those of the trip if not said. */
  readonly apps?: readonly AppName[];
  /** Default: the servers of the test run. */
  readonly servers?: ServerUrls;
  /** How many processes of an app there are; 1 if not said. */
  readonly instances?: Partial<Record<AppName, number>>;
  /** Variables for all processes of an app, or for each of them by its number, in all their lives. */
  readonly environment?: Partial<Record<AppName, Environment | ((instance: number) => Environment)>>;
}

/** The queues that an app takes messages from. */
function queuesOf(app: AppName): string[] {
  if (app === 'orchestrator') return [replyQueueOf(app), journalQueueOf(app)];
  if (shopParticipantNames.some((name) => name === app)) return [commandQueueOf(app)];
  return [commandQueueOf(app), factQueueOf(app), ...(app === 'flights' ? [ownerQueueOf(app)] : [])];
}

/** The orchestrator declares those of participants that aren't there, too, and one that it is asked for child sagas by. */
const DECLARED_QUEUES = [
  ...[...tripApps, ...shopParticipantNames].flatMap(queuesOf),
  commandQueueOf('orchestrator'),
];

const systems: RunningSystem[] = [];

/** Clew, or as much of it as a spec needs: its apps as processes, with databases, exchanges and queues that nobody else uses. */
export class RunningSystem {
  readonly databases: Databases;
  /** Logical names of the queues that its apps take messages from. */
  readonly queues: readonly string[];

  private constructor(
    readonly servers: ServerUrls,
    readonly namespace: string,
    readonly apps: readonly AppName[],
    readonly processes: readonly AppProcess[],
  ) {
    this.databases = new Databases(servers.databaseUrl, namespace, apps);
    this.queues = apps.flatMap(queuesOf);
  }

  /** Resolves when every app is ready. */
  static async start(options: SystemOptions = {}): Promise<RunningSystem> {
    const apps = options.apps ?? tripApps;
    const servers = options.servers ?? serversOfTheRun();
    const namespace = `e2e_${randomBytes(5).toString('hex')}`;
    const names = apps.flatMap((name) => Array<AppName>(options.instances?.[name] ?? 1).fill(name));
    const ports = await freePorts(names.length);
    const shared = {
      DATABASE_URL: servers.databaseUrl,
      AMQP_URL: servers.amqpUrl,
      CLEW_NAMESPACE: namespace,
    };
    const processes = names.map((name, index) => {
      const own = options.environment?.[name];
      const environment = typeof own === 'function' ? own(index - names.indexOf(name)) : own;
      return new AppProcess(name, ports[index]!, { ...shared, ...environment });
    });
    const system = new RunningSystem(servers, namespace, apps, processes);
    systems.push(system);
    try {
      await system.migrate(shared);
      for (const app of processes) app.start();
      await Promise.all(processes.map((app) => app.untilReady()));
      return system;
    } catch (error) {
      process.stderr.write(`\nThe apps' logs, as the system didn't start:\n${system.logs()}\n`);
      await system.stop().catch(() => undefined); // What failed first is what counts.
      throw error;
    }
  }

  app(name: AppName, instance = 0): AppProcess {
    const found = this.processes.filter((app) => app.name === name)[instance];
    if (!found) throw new Error(`There is no instance ${instance} of ${name}.`);
    return found;
  }

  gateway(instance = 0): Gateway {
    return new Gateway(this.app('orchestrator', instance).url);
  }

  /** What a participant answers to a GET, whose instance doesn't matter. */
  ask(participant: AppName, path: string): Promise<Response> {
    return fetch(`${this.app(participant).url}${path}`);
  }

  /** The pids of all apps, in a fixed order. */
  pids(): (number | undefined)[] {
    return this.processes.map(({ pid }) => pid);
  }

  /** Resolves when no saga is under way and at least `count` have been started. */
  async untilAllEnded(count: number, within = 30_000): Promise<void> {
    await eventually(
      async () => {
        const rows = await this.databases.rows<{ status: string; count: number }>(
          'orchestrator',
          'SELECT status, count(*)::int AS count FROM saga_instance GROUP BY status',
        );
        const ended = rows.filter(({ status }) => ['COMPLETED', 'COMPENSATED'].includes(status));
        const total = rows.reduce((sum, row) => sum + row.count, 0);
        if (total >= count && ended.length === rows.length) return true;
        throw new Error(JSON.stringify(rows));
      },
      { within, every: 100, describe: `the end of ${count} sagas` },
    );
  }

  logs(since?: ReadonlyMap<AppProcess, number>): string {
    return this.processes
      .map((app) => [`==== ${app.name} (${app.pid}) ====`, ...app.log.slice(since?.get(app))].join('\n'))
      .join('\n');
  }

  /**
   * Stops the apps and removes what they had on the servers.
   *
   * @throws Error if any app had ended by itself, didn't stop in order and in time, left a process behind, or wrote of an
   *   error that nobody caught
   */
  async stop(): Promise<void> {
    await Promise.all(this.processes.map((app) => app.stop()));
    await Promise.all(this.processes.map((app) => app.destroy()));
    await this.databases.drop();
    await deleteTopology(this.servers.amqpUrl, { namespace: this.namespace, queues: DECLARED_QUEUES });
    const problems = this.processes.flatMap((app) => app.problems());
    if (problems.length > 0) {
      process.stderr.write(`\nThe apps' logs, as they misbehaved:\n${this.logs()}\n`);
      throw new Error(`The apps misbehaved:\n  ${problems.join('\n  ')}`);
    }
  }

  private async migrate(environment: Environment): Promise<void> {
    const script = join(repositoryRoot(), 'dist', 'scripts', 'migrate.js');
    await run(process.execPath, [script, ...this.apps], { env: { ...process.env, ...environment } });
  }
}

/** How much each app of this spec has written by now. */
export function logLengths(): ReadonlyMap<AppProcess, number> {
  return new Map(systems.flatMap((system) => system.processes).map((app) => [app, app.log.length]));
}

/** What the apps of this spec wrote after that. */
export function logsSince(lengths: ReadonlyMap<AppProcess, number>): string {
  return systems.map((system) => system.logs(lengths)).join('\n');
}

/** Where the servers are that Jest's global setup has started or found. */
export function serversOfTheRun(): ServerUrls {
  const { CLEW_TEST_DATABASE_URL: databaseUrl, CLEW_TEST_AMQP_URL: amqpUrl } = process.env;
  if (!databaseUrl || !amqpUrl)
    throw new Error(
      'CLEW_TEST_DATABASE_URL and CLEW_TEST_AMQP_URL are not set: run the spec through Jest, which starts the servers.',
    );
  return { databaseUrl, amqpUrl };
}
