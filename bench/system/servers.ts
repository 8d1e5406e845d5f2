import { findInfrastructure, openTemporaryDirectory, type DataDirectory } from '@clew/testing';
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

/** The ladder of the tests: given by `DATABASE_URL` and `AMQP_URL`, containers, or private processes with durable defaults. */
export async function startServers(): Promise<Servers> {
  const directory = openTemporaryDirectory();
  const found = await findInfrastructure({ dataDir: directory, persistent: false });
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
