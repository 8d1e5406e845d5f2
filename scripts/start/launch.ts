import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  DataDirectory,
  findPostgres,
  findRabbitmq,
  isPortFree,
  repositoryRoot,
  type Server,
} from '@clew/testing';
import { readConfig, type AppConfig, type Config } from './config.js';
import { parseFlags, usage } from './flags.js';
import { forgetBroker, forgetDatabases, forgetPrivateServers } from './fresh.js';
import { SupervisedApp, seconds } from './supervised-app.js';
import { superviseServer } from './supervised-server.js';

export interface LaunchOptions {
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Aborted when everything is to stop. */
  readonly stop: AbortSignal;
  readonly print: (line: string) => void;
  /** Prints a line of an app's own output; default: `print`. */
  readonly printOutput?: (line: string) => void;
  /** Where the compiled apps lie, as `<name>/src/main.js`. */
  readonly appFolder?: string;
}

/** How long an app may take to get ready at the start, in milliseconds. */
const patienceWithApps = 120_000;
/** Everything has to be gone within 15 s of the signal. */
const patienceWithStop = 13_500;

/**
 * Starts everything, prints `Clew is ready: …`, looks after it until `stop` is aborted, and stops it.
 *
 * Whatever happens, no process that it started outlives it, unless it is killed hard; then the next start on the same
 * data directory ends them first.
 *
 * @returns the exit code
 */
export async function launch(options: LaunchOptions): Promise<number> {
  const { argv, env, stop, print } = options;
  const flags = parseFlags(argv);
  if (flags.help) {
    print(usage);
    return 0;
  }
  const config = readConfig(env);
  const directory = DataDirectory.open(config.dataDir);
  const running: Running = { apps: [], servers: [], ending: new AbortController() };
  stop.addEventListener('abort', () => running.ending.abort());
  try {
    await start(options, flags.fresh, config, directory, running);
    await new Promise((resolve) => stop.addEventListener('abort', resolve));
    return 0;
  } catch (error) {
    if (stop.aborted) return 0;
    print((error as Error).message);
    return 1;
  } finally {
    await stopEverything(running, directory, print);
    directory.close();
  }
}

/** What has to be stopped; grows while starting. */
interface Running {
  apps: SupervisedApp[];
  servers: Promise<Server>[];
  /** Aborted when nothing may be started again. */
  readonly ending: AbortController;
}

async function start(
  options: LaunchOptions,
  fresh: boolean,
  config: Config,
  directory: DataDirectory,
  running: Running,
): Promise<void> {
  const { env, stop, print } = options;
  const startedAt = performance.now();
  const unlessStopped = orAbort(stop);

  await unlessStopped(directory.endOrphans(print));
  if (fresh) forgetPrivateServers(directory, config, print);
  for (const app of config.apps) await assertPortIsFree(app);

  const ladder = { directory, persistent: true, log: print };
  const announce = (server: Server): Server => {
    print(`${server.describe()} (${seconds(startedAt)})`);
    superviseServer(server, running.ending.signal, print);
    return server;
  };
  const postgres = findPostgres({ ...ladder, url: config.databaseUrl }).then(announce);
  const rabbitmq = findRabbitmq({ ...ladder, url: config.amqpUrl }).then(announce);
  running.servers = [postgres, rabbitmq];

  const databases = postgres.then(async (server) => {
    if (fresh) await forgetDatabases(server, config.namespace, print);
    await migrate(server, options, config.namespace);
  });
  const broker = rabbitmq.then((server) =>
    fresh ? forgetBroker(server, config.namespace, print) : undefined,
  );
  await unlessStopped(Promise.all([postgres, rabbitmq, databases, broker]));

  const shared: NodeJS.ProcessEnv = {
    ...env,
    ...Object.fromEntries(config.apps.map(({ portVariable, port }) => [portVariable, String(port)])),
    DATABASE_URL: (await postgres).url,
    AMQP_URL: (await rabbitmq).url,
    CLEW_NAMESPACE: config.namespace,
  };
  await unlessStopped(startApps(options, config, directory, running, shared));
  print(`Clew is ready: http://127.0.0.1:${config.apps[0]!.port}`);
}

async function startApps(
  { print, printOutput = print, appFolder = join(repositoryRoot(), 'dist', 'apps') }: LaunchOptions,
  { apps }: Config,
  directory: DataDirectory,
  running: Running,
  shared: NodeJS.ProcessEnv,
): Promise<void> {
  const startedAt = performance.now();
  const width = Math.max(...apps.map(({ name }) => name.length));
  running.apps = apps.map(({ name, port }) => {
    const main = join(appFolder, name, 'src', 'main.js');
    if (!existsSync(main))
      throw new Error(`There is no ${relative(process.cwd(), main)}, which would be the app ${name}.`);
    return new SupervisedApp({
      name,
      main,
      port,
      env: { ...shared, PORT: String(port) },
      directory,
      print,
      printOutput: (line) => printOutput(`${name.padEnd(width)} | ${line}`),
    });
  });
  print(`Starting ${apps.map(({ name, port }) => `${name} (port ${port})`).join(', ')}`);
  for (const app of running.apps) app.start();
  await Promise.all(
    running.apps.map(async (app) => {
      await app.untilReady(patienceWithApps);
      print(`${app.name} is ready (${seconds(startedAt)})`);
    }),
  );
}

/** A process of its own: the schema engine leaves memory and a timer behind. */
async function migrate(
  server: Server,
  { env, stop, print }: LaunchOptions,
  namespace: string,
): Promise<void> {
  const script = join(repositoryRoot(), 'dist', 'scripts', 'migrate.js');
  const childEnv = { ...env, DATABASE_URL: server.url, CLEW_NAMESPACE: namespace };
  await new Promise<void>((resolve, reject) => {
    execFile(process.execPath, [script], { env: childEnv, signal: stop }, (error, stdout, stderr) => {
      for (const line of stdout.split('\n')) if (line) print(line);
      if (error) reject(new Error(stderr.trim() || error.message, { cause: error }));
      else resolve();
    });
  });
}

async function assertPortIsFree({ name, portVariable, port }: AppConfig): Promise<void> {
  if (await isPortFree(port)) return;
  throw new Error(
    `${portVariable}: the port ${port}, meant for ${name}, is taken. End what listens on it, or set ${portVariable}.`,
  );
}

async function stopEverything(
  { apps, servers, ending }: Running,
  directory: DataDirectory,
  print: (line: string) => void,
): Promise<void> {
  const startedAt = performance.now();
  ending.abort();
  if (apps.length + servers.length > 0) print('Stopping');
  const inOrder = async () => {
    await Promise.all(apps.map((app) => app.stop()));
    // One that is still starting is waited for: RabbitMQ doesn't heed a signal while it boots.
    const started = await Promise.allSettled(servers);
    await Promise.all(started.map((server) => server.status === 'fulfilled' && server.value.stop()));
    await directory.endOrphans(() => undefined);
  };
  const tooLong = new AbortController();
  await Promise.race([inOrder(), delay(patienceWithStop, undefined, { signal: tooLong.signal })]);
  tooLong.abort();
  for (const [name, { pid }] of directory.runningProcesses()) {
    print(`${name} (${pid}) didn't end in time and is killed`);
    process.kill(pid, 'SIGKILL');
  }
  if (apps.length + servers.length > 0) print(`Stopped (${seconds(startedAt)})`);
}

/** Lets a promise be given up when `stop` is aborted. The work itself goes on; `stopEverything` sees to that. */
function orAbort(stop: AbortSignal): <T>(work: Promise<T>) => Promise<T> {
  const aborted = new Promise<never>((_resolve, reject) => {
    if (stop.aborted) reject(stop.reason);
    stop.addEventListener('abort', () => reject(stop.reason));
  });
  aborted.catch(() => undefined);
  return (work) => Promise.race([work, aborted]);
}
