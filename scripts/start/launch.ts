import { DataDirectory, findPostgres, findRabbitmq, type Server } from '@clew/testing';
import { redacted } from '@clew/redaction';
import { readConfig, type Config } from './config.js';
import { parseFlags, usage } from './flags.js';
import { forgetBroker, forgetDatabases, forgetPrivateServers } from './fresh.js';
import type { LaunchOptions } from './launch-options.js';
import { assertPortsAreFree, prepareApps, startApps, withPorts } from './run-apps.js';
import { runMigrations } from './run-migrations.js';
import { stopEverything, type Running } from './stop-everything.js';
import { seconds } from './supervised-app.js';
import { superviseServer } from './supervised-server.js';

/**
 * Starts everything, prints `Clew is ready: …`, looks after it until `stop` is aborted, and stops it.
 *
 * Whatever happens, no process that it started outlives it, unless it is killed hard; then the next start on the same
 * data directory ends them first.
 *
 * @returns the exit code
 * @throws UnknownFlagError, ConfigError, FolderInUseError: nothing had been started
 */
export async function launch(given: LaunchOptions): Promise<number> {
  const options = withoutSecrets(given);
  const { argv, env, stop, print } = options;
  const flags = parseFlags(argv);
  if (flags.help) {
    print(usage);
    return 0;
  }
  const config = readConfig(env);
  const directory = DataDirectory.open(config.dataDir, { evenIfDamaged: flags.fresh });
  const running: Running = { apps: [], servers: [], ending: new AbortController() };
  const stopped = rejectionOf(stop);
  try {
    await start(options, flags.fresh, config, directory, running, stopped);
    return await stopped;
  } catch (error) {
    if (stop.aborted) return 0;
    print((error as Error).message);
    return 1;
  } finally {
    await stopEverything(running, directory, print);
    directory.close();
  }
}

/** The same, with nothing secret in what is printed: neither our own lines nor those of the apps. */
function withoutSecrets(options: LaunchOptions): LaunchOptions {
  const { print, printOutput = print } = options;
  return {
    ...options,
    print: (line) => print(redacted(line)),
    printOutput: (line) => printOutput(redacted(line)),
  };
}

async function start(
  options: LaunchOptions,
  fresh: boolean,
  config: Config,
  directory: DataDirectory,
  running: Running,
  stopped: Promise<never>,
): Promise<void> {
  const { env, print } = options;
  const startedAt = performance.now();
  // Work that is given up goes on by itself; `stopEverything` sees to that.
  const unlessStopped = <T>(work: Promise<T>): Promise<T> => Promise.race([stopped, work]);

  await unlessStopped(directory.endOrphans(print));
  if (fresh) forgetPrivateServers(directory, config, print);
  const placed = await unlessStopped(withPorts(config.apps));
  await unlessStopped(assertPortsAreFree(placed));

  const ladder = { directory, persistent: true, log: print };
  const announce = (server: Server): Server => {
    print(`${server.describe()} (${seconds(startedAt)})`);
    superviseServer(server, running.ending.signal, print);
    return server;
  };
  const postgres = findPostgres({ ...ladder, url: config.databaseUrl }).then(announce);
  const rabbitmq = findRabbitmq({ ...ladder, url: config.amqpUrl }).then(announce);
  running.servers = [postgres, rabbitmq];

  // The databases don't wait for RabbitMQ, which takes longer to start.
  const databases = postgres.then(async (server) => {
    if (fresh) await forgetDatabases(server, config.namespace, print);
    await runMigrations(server.url, config.namespace, options);
  });
  const broker = rabbitmq.then((server) =>
    fresh ? forgetBroker(server, config.namespace, print) : undefined,
  );
  await unlessStopped(Promise.all([postgres, rabbitmq, databases, broker]));

  const shared: NodeJS.ProcessEnv = {
    ...env,
    ...Object.fromEntries(placed.map(({ portVariable, port }) => [portVariable, String(port)])),
    DATABASE_URL: (await postgres).url,
    AMQP_URL: (await rabbitmq).url,
    CLEW_NAMESPACE: config.namespace,
    CLEW_PARTICIPANTS: placed
      .slice(1)
      .map(({ name, port }) => `${name}=http://127.0.0.1:${port}`)
      .join(),
  };
  const apps = prepareApps(placed, shared, directory, options);
  running.apps = apps;
  await unlessStopped(startApps(apps, print));
  print(`Clew is ready: http://127.0.0.1:${placed[0]!.port}`);
}

/** Rejects once the signal is aborted, and never does anything else. */
function rejectionOf(signal: AbortSignal): Promise<never> {
  const rejection = new Promise<never>((_resolve, reject) => {
    const abort = () => reject(new Error('told to stop'));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort);
  });
  rejection.catch(() => undefined);
  return rejection;
}
