import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface RabbitmqPrograms {
  readonly server: string;
  readonly epmd: string;
}

/** An installed RabbitMQ and the epmd of its Erlang; undefined if there is none. */
export async function findRabbitmqPrograms(): Promise<RabbitmqPrograms | undefined> {
  const server = findServer();
  const epmd = server && (onPath('epmd') ?? (await findErlangEpmd()));
  return server && epmd ? { server, epmd } : undefined;
}

function findServer(): string | undefined {
  const known = [
    // The packages of Debian, Ubuntu and Red Hat put a wrapper on PATH that switches to the system user `rabbitmq`,
    // who can't write to our folders. Their real script lies here.
    '/usr/lib/rabbitmq/bin/rabbitmq-server',
    ...unpackedServers('/usr/lib/rabbitmq/lib'),
    '/opt/homebrew/sbin/rabbitmq-server',
    '/usr/local/sbin/rabbitmq-server',
    '/home/linuxbrew/.linuxbrew/sbin/rabbitmq-server',
  ];
  return known.find(isExecutable) ?? onPath('rabbitmq-server');
}

function unpackedServers(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((version) => join(folder, version, 'sbin', 'rabbitmq-server'));
}

/** epmd is part of every Erlang, yet not always on PATH. */
async function findErlangEpmd(): Promise<string | undefined> {
  const erl = onPath('erl') ?? ['/opt/homebrew/bin/erl', '/usr/local/bin/erl'].find(isExecutable);
  if (!erl) return undefined;
  const expression =
    'io:format("~s/erts-~s/bin/epmd", [code:root_dir(), erlang:system_info(version)]), halt().';
  const { stdout } = await run(erl, ['-noshell', '-eval', expression]).catch(() => ({ stdout: '' }));
  return isExecutable(stdout) ? stdout : undefined;
}

function onPath(program: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return file !== '';
  } catch {
    return false;
  }
}
