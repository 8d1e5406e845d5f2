import {
  endProcess,
  findInfrastructure,
  openTemporaryDirectory,
  processesMentioning,
  sweepAbandonedDirectories,
  type DataDirectory,
} from '@clew/testing';
import { rabbitmqctl } from '../../test/e2e/support/rabbitmqctl.js';

/** The servers that everything is measured on, and how to look into them. */
export interface Servers {
  readonly databaseUrl: string;
  readonly amqpUrl: string;
  readonly description: string;
  /** The processes below which all of a server's are. Unknown of one that wasn't started here: its processor time isn't counted. */
  readonly pids: Readonly<Partial<Record<'PostgreSQL' | 'RabbitMQ', number>>>;
  /** How many messages RabbitMQ has taken in from publishers so far; `undefined` when it wasn't started here. */
  publishedMessages(): Promise<number | undefined>;
  stop(): Promise<void>;
}

/**
 * The ladder of the tests: given by `DATABASE_URL` and `AMQP_URL`, containers, or private processes with durable defaults.
 * When this process is interrupted, they are stopped, and whatever it has started is ended.
 */
export async function startServers(): Promise<Servers> {
  await sweepAbandonedDirectories(console.error);
  const directory = openTemporaryDirectory();
  // Every process that is started inherits it; that is how one which was left over is recognised.
  process.env['CLEW_TEST_RUN'] = directory.path;
  const found = await findInfrastructure({ dataDir: directory, persistent: false });
  stopWhenInterrupted(directory, () => found.stop());
  const running = new Map(directory.runningProcesses());
  return {
    databaseUrl: found.databaseUrl,
    amqpUrl: found.amqpUrl,
    description: found.describe(),
    pids: { PostgreSQL: running.get('PostgreSQL')?.pid, RabbitMQ: running.get('RabbitMQ')?.pid },
    publishedMessages: async () => (running.has('RabbitMQ') ? publishedMessages(directory) : undefined),
    stop: () => found.stop(),
  };
}

/** From the node's own counters, which are exact. */
async function publishedMessages(directory: DataDirectory): Promise<number> {
  const expression =
    'lists:sum([maps:get(messages_received_total, C, 0) || {_, C} <- maps:to_list(rabbit_global_counters:overview())]).';
  return Number(await rabbitmqctl(directory, ['eval', expression]));
}

/** Ctrl-C arrives twice, as npm forwards it once more. */
function stopWhenInterrupted(directory: DataDirectory, stopServers: () => Promise<void>): void {
  let isStopping = false;
  const stop = async (exitCode: number) => {
    if (isStopping) return;
    isStopping = true;
    try {
      await stopServers();
      for (const leftover of processesMentioning(directory.path)) await endProcess(leftover);
    } finally {
      process.exit(exitCode);
    }
  };
  for (const [signal, exitCode] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }))
    process.on(signal, () => void stop(exitCode));
}
