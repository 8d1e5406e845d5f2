import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DataDirectory } from '@clew/testing';

/** Runs rabbitmqctl against the private RabbitMQ of a data directory (a second or two) and gives what it printed. */
export async function rabbitmqctl(directory: DataDirectory, args: readonly string[]): Promise<string> {
  const home = join(directory.path, 'rabbitmq');
  const { nodeName, ports } = directory.recall<{ nodeName: string; ports: { epmd: number } }>('rabbitmq')!;
  // Debian's own on PATH would change to another user.
  const inPackage = '/usr/lib/rabbitmq/bin/rabbitmqctl';
  const program = existsSync(inPackage) ? inPackage : 'rabbitmqctl';
  const { stdout } = await promisify(execFile)(program, ['--node', nodeName, ...args], {
    cwd: home,
    env: {
      PATH: process.env['PATH'],
      LANG: 'C.UTF-8',
      HOME: home,
      ERL_EPMD_PORT: String(ports.epmd),
      RABBITMQ_CONF_ENV_FILE: '/dev/null',
    },
  });
  return stdout;
}
